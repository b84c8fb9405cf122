import type { WireFault } from "../proxy/wire.ts";
import { failsWith, PUBLISHED, type Scenario, scenario } from "../scenario.ts";

const MiB = 1024 * 1024;

/** Only parts are so large. */
const IN_A_PART = 2 * MiB;
/** Of a part of 5 MiB, by which all of it is sent and the sender listens to what comes back. */
const AT_ITS_END = 5 * MiB;

/** Behind the handshake, where the answers of the first requests are. */
const FIRST_ANSWERS = 1_000;
/** Within the first message of the server. */
const SERVER_HELLO = 40;

const HANDSHAKE_FAILURE = Buffer.from("15030300020228", "hex");
const INTERNAL_ERROR = Buffer.from("15030300020250", "hex");
const PLAIN_HTTP = Buffer.from("HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n");

/** The network has a bad day below TLS. */
export const TLS_SCENARIOS: readonly Scenario[] = [
	wired("B23", "a byte of a part is damaged below TLS", onParts("damage", AT_ITS_END, 1), PUBLISHED),
	wired(
		"B23",
		"a byte of every part is damaged below TLS, every time",
		onParts("damage", AT_ITS_END),
		failsWith(6, /cannot reach the storage .*: /, { repeated: "UploadPart" }),
	),
	wired("B23", "a byte of an answer is damaged below TLS, three times", onAnswers("damage", 3), PUBLISHED),
	wired(
		"B23",
		"a byte of the handshake of TLS is damaged, twice",
		{ type: "damage", direction: "answer", after: SERVER_HELLO, times: 2 },
		PUBLISHED,
	),
	wired(
		"B19",
		"the connection ends below TLS, without a word, in a part",
		onParts("cut", IN_A_PART, 2),
		PUBLISHED,
	),
	wired("B20", "the connection ends below TLS, without a word, in an answer", onAnswers("cut", 2), PUBLISHED),
	wired("B21", "the handshake of TLS never ends, once", onHandshake("silence", 1), PUBLISHED),
	wired(
		"B21",
		"the handshake of TLS never ends, every time",
		onHandshake("silence"),
		failsWith(6, /cannot reach the storage .*the TLS handshake did not finish/),
	),
	wired(
		"B21",
		"the connection goes silent below TLS in a part, once",
		onParts("silence", IN_A_PART, 1),
		PUBLISHED,
	),
	wired("B19", "the handshake of TLS is refused, once", saying(HANDSHAKE_FAILURE, 1), PUBLISHED),
	wired("B19", "the handshake of TLS meets an internal error, twice", saying(INTERNAL_ERROR, 2), PUBLISHED),
	wired(
		"B19",
		"the handshake of TLS is refused, every time",
		saying(HANDSHAKE_FAILURE),
		failsWith(6, /cannot reach the storage .*TLS failed: .*handshake failure/),
		{ endsEarly: true },
	),
	wired("B40", "the port of TLS is answered in plain HTTP, once", saying(PLAIN_HTTP, 1), PUBLISHED),
	wired(
		"B40",
		"the port of TLS is answered in plain HTTP, every time",
		saying(PLAIN_HTTP),
		failsWith(6, /does not speak TLS; is it http:\/\/ instead of https:\/\//),
		{ endsEarly: true },
	),
];

function wired(
	row: string,
	fault: string,
	wire: WireFault,
	expected: Scenario["expected"],
	more: Pick<Scenario, "endsEarly"> = {},
): Scenario {
	return scenario(row, fault, [], expected, { wire: [wire], ...more });
}

function onParts(type: WireFault["type"], after: number, times?: number): WireFault {
	return { type, direction: "request", after, ...limited(times) };
}

function onAnswers(type: WireFault["type"], times: number): WireFault {
	return { type, direction: "answer", after: FIRST_ANSWERS, times };
}

function onHandshake(type: WireFault["type"], times?: number): WireFault {
	return { type, direction: "request", after: 0, ...limited(times) };
}

function saying(bytes: Buffer, times?: number): WireFault {
	return { ...onHandshake("say", times), bytes };
}

function limited(times: number | undefined): Pick<WireFault, "times"> {
	return times === undefined ? {} : { times };
}
