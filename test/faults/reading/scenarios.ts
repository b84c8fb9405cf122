import { emptyAnswer, errorAnswer, htmlAnswer } from "../proxy/answer.ts";
import { answer, close, type Fault, hang, linger, noHttp, reset } from "../proxy/fault.ts";
import type { Rule } from "../proxy/plan.ts";
import {
	DELETED,
	FLIPPED,
	LONG,
	NO_SUCH_RANGE,
	OTHER_BYTES,
	OTHER_ETAG,
	OTHER_RANGE,
	REPLACED,
	SHORT,
	WHOLE_OBJECT,
} from "./range-faults.ts";
import { failsWith, READ, type ReadingScenario } from "./reading-scenario.ts";

/** The requests for ranges, in their order: each opens another part of the archive. */
const STEPS = { "the end": 1, "the directory": 2, "an entry": 3 } as const;

const CHANGED = /was replaced or deleted while it was read/;

function at(request: keyof typeof STEPS | "every range", fault: Fault, times = 1): Rule {
	if (request === "every range") return { operation: "GetObject", fault };
	const from = STEPS[request];
	return { operation: "GetObject", occurrence: { from, to: from + times - 1 }, fault };
}

/** From an entry on, for ever. */
function fromEntryOn(fault: Fault): Rule {
	return { operation: "GetObject", occurrence: { from: STEPS["an entry"] }, fault };
}

function row(
	name: string,
	fault: string,
	rules: Rule | readonly Rule[],
	expected: ReadingScenario["expected"],
	more: Pick<ReadingScenario, "stored" | "isSlow" | "command"> = {},
): ReadingScenario {
	return { row: name, fault, rules: [rules].flat() as readonly Rule[], expected, ...more };
}

const PASSING: readonly (readonly [string, Fault, number])[] = [
	["the connection is reset before the response", reset("head"), 1],
	["the connection is reset in the middle of the response", reset("answer"), 1],
	["the connection ends in the middle of the response", close("answer"), 1],
	["no response comes", hang("head"), 1],
	["the response stalls in its middle", hang("answer"), 1],
	["500, twice", answer(errorAnswer("InternalError")), 2],
	["503 SlowDown", answer(errorAnswer("SlowDown")), 1],
	["ExpiredToken", answer(errorAnswer("ExpiredToken")), 1],
	["a captive portal answers", answer(htmlAnswer()), 1],
	["the response is no HTTP", noHttp("instead"), 1],
	["the response is ten bytes short", SHORT, 1],
	["another range comes", OTHER_RANGE, 1],
	["the whole object comes instead of a range", WHOLE_OBJECT, 1],
];

/** The requests for ranges of commands, up to the first entry: `extract` goes through the directory twice. */
const FIRST_ENTRY = { cat: 3, extract: 4 } as const;

/** What `cat` and `extract` meet, as a user runs them. */
function commandRows(command: keyof typeof FIRST_ENTRY): readonly ReadingScenario[] {
	const from = FIRST_ENTRY[command];
	const once = (fault: Fault, times = 1): Rule => ({
		operation: "GetObject",
		occurrence: { from, to: from + times - 1 },
		fault,
	});
	const always = (fault: Fault): Rule => ({ operation: "GetObject", occurrence: { from }, fault });
	const its = (what: string, rule: Rule, expected: ReadingScenario["expected"], isSlow = false) =>
		row("B45", `${command}: ${what}`, rule, expected, { command, isSlow });
	return [
		its("the connection is reset in the middle of an entry", once(reset("answer")), READ),
		its("no response comes for an entry", once(hang("head")), READ),
		its("500 at an entry, twice", once(answer(errorAnswer("InternalError")), 2), READ),
		its("another range comes for an entry", once(OTHER_RANGE), READ),
		its("30 % of all requests are reset", { probability: 0.3, fault: reset("answer") }, READ),
		its("the object is replaced before an entry is read", once(REPLACED), failsWith(7, CHANGED)),
		its("AccessDenied at an entry", once(answer(errorAnswer("AccessDenied"))), failsWith(5, /AccessDenied/)),
		its(
			"ExpiredToken at every entry",
			always(answer(errorAnswer("ExpiredToken"))),
			failsWith(6, /ExpiredToken/),
			true,
		),
		its(
			"500 at an entry, every time",
			always(answer(errorAnswer("InternalError"))),
			failsWith(6, /InternalError/),
			true,
		),
		its("a byte of an entry is another one", once(FLIPPED), failsWith(7, /its CRC-32 is not the one/)),
	];
}

/** Faults that reading an archive in a bucket can meet. */
export const READING_SCENARIOS: readonly ReadingScenario[] = [
	...(Object.keys(STEPS) as (keyof typeof STEPS)[]).flatMap((step) =>
		PASSING.map(([fault, what, times]) => row("B45", `${step}: ${fault}`, at(step, what, times), READ)),
	),
	row(
		"B45",
		"an entry: the response breaks off six times, in its middle each time",
		at("an entry", reset("answer"), 6),
		READ,
	),
	row(
		"B45",
		"an entry trickles in",
		at("an entry", { type: "trickle", direction: "answer", bytesPerSecond: 700_000 }),
		READ,
	),
	row(
		"B45",
		"an entry: 429 with Retry-After: 1",
		at("an entry", answer(errorAnswer("TooManyRequests", { headers: { "retry-after": "1" } }))),
		READ,
	),
	row("B45", "an entry: more bytes come than were requested", at("an entry", LONG), READ),
	row(
		"B45",
		"the end: 416, from a storage that cannot give the end of an object",
		at("the end", NO_SUCH_RANGE),
		READ,
	),
	row("B45", "30 % of all requests are reset", { probability: 0.3, fault: reset("answer") }, READ),
	row(
		"B45",
		"30 % of all requests meet 500",
		{ probability: 0.3, fault: answer(errorAnswer("InternalError")) },
		READ,
	),
	row(
		"B45",
		"the object is replaced before the directory is read",
		at("the directory", REPLACED),
		failsWith(7, CHANGED),
	),
	row(
		"B45",
		"the object is replaced before an entry is read",
		at("an entry", REPLACED),
		failsWith(7, CHANGED),
	),
	row(
		"B45",
		"the object is replaced while an entry is read, whose response breaks off",
		[at("an entry", reset("answer")), { operation: "GetObject", occurrence: 4, fault: REPLACED }],
		failsWith(7, CHANGED),
	),
	row("B45", "the object is deleted before an entry is read", at("an entry", DELETED), failsWith(7, CHANGED)),
	row(
		"B45",
		"an entry: 412",
		at("an entry", answer(errorAnswer("PreconditionFailed"))),
		failsWith(7, CHANGED),
	),
	row("B45", "an entry: 416", at("an entry", NO_SUCH_RANGE), failsWith(7, CHANGED)),
	row(
		"B45",
		"an entry: the storage takes no notice of If-Match, and has another object",
		at("an entry", OTHER_ETAG),
		failsWith(7, CHANGED),
	),
	row(
		"B45",
		"AccessDenied at the end",
		at("the end", answer(errorAnswer("AccessDenied"))),
		failsWith(5, /AccessDenied/),
	),
	row(
		"B45",
		"AccessDenied at an entry",
		at("an entry", answer(errorAnswer("AccessDenied"))),
		failsWith(5, /AccessDenied/),
	),
	row(
		"B45",
		"404 at the end",
		at("the end", answer(errorAnswer("NoSuchKey"))),
		failsWith(4, /does not exist/),
	),
	row(
		"B45",
		"500 at an entry, every time",
		fromEntryOn(answer(errorAnswer("InternalError"))),
		failsWith(6, /InternalError/),
		{ isSlow: true },
	),
	row(
		"B45",
		"503 SlowDown at everything",
		{ fault: answer(errorAnswer("SlowDown")) },
		failsWith(6, /SlowDown/),
		{ isSlow: true },
	),
	row(
		"B45",
		"the server hangs at every range",
		at("every range", hang("head")),
		failsWith(6, /timed out|no progress/),
		{ isSlow: true },
	),
	row(
		"B45",
		"the head of every response drips in and never ends",
		at("every range", linger("drops")),
		failsWith(6, /no progress|timed out/),
		{ isSlow: true },
	),
	row("B45", "every response is short", fromEntryOn(SHORT), failsWith(6, /bytes/), { isSlow: true }),
	row(
		"B45",
		"every response has another range",
		fromEntryOn(OTHER_RANGE),
		failsWith(6, /other bytes than were requested/),
		{ isSlow: true },
	),
	row(
		"B45",
		"every response is the whole object",
		at("every range", WHOLE_OBJECT),
		failsWith(6, /whole object/),
		{ isSlow: true },
	),
	row(
		"B45",
		"everything is answered by a captive portal",
		{ fault: answer(htmlAnswer()) },
		failsWith(6, /./),
		{ isSlow: true },
	),
	row(
		"B45",
		"ExpiredToken at every range, and nothing renews it",
		at("every range", answer(errorAnswer("ExpiredToken"))),
		failsWith(6, /ExpiredToken/),
		{ isSlow: true },
	),
	row("B46", "the object is no archive", [], failsWith(7, /is no ZIP archive/), {
		stored: Buffer.from("a text, and no archive"),
	}),
	row("B46", "the object is empty", [], failsWith(7, /is empty/), { stored: Buffer.alloc(0) }),
	row(
		"B46",
		"the object is in an archive tier",
		at("every range", answer(errorAnswer("InvalidObjectState"))),
		failsWith(5, /InvalidObjectState/),
	),
	row("B46", "200 without a body at an entry, once", at("an entry", answer(emptyAnswer())), READ),
	row(
		"E23",
		"a byte of an entry is another one",
		at("an entry", FLIPPED),
		failsWith(7, /its CRC-32 is not the one/),
	),
	row(
		"E23",
		"other bytes than the response says: of an entry",
		at("an entry", OTHER_BYTES),
		failsWith(7, /no local header where the directory says/),
	),
	row(
		"E23",
		"other bytes than the response says: of the directory",
		at("the directory", OTHER_BYTES),
		failsWith(7, /something else than a header/),
	),
	row(
		"E23",
		"other bytes than the response says: of the end",
		at("the end", OTHER_BYTES),
		failsWith(7, /end record|end of central directory/),
	),
	...commandRows("cat"),
	...commandRows("extract"),
];
