import { errorAnswer, htmlAnswer } from "../proxy/answer.ts";
import { answer, close, earlyAnswer, hang, linger, noHttp, reset } from "../proxy/fault.ts";
import type { Operation } from "../proxy/operation.ts";
import { failsWith, PUBLISHED, type Scenario, scenario } from "../scenario.ts";
import { everywhere } from "./rules.ts";

const COMPLETE = "CompleteMultipartUpload";
const CREATE = "CreateMultipartUpload";
const EVERY_STEP: readonly Operation[] = ["HeadBucket", CREATE, "UploadPart", COMPLETE, "HeadObject"];

/** The network and the server have a bad day. */
export const CONNECTION_SCENARIOS: readonly Scenario[] = [
	...EVERY_STEP.flatMap((operation) => [
		scenario(
			"B15",
			`500 at ${operation}, twice`,
			{ operation, occurrence: { from: 1, to: 2 }, fault: answer(errorAnswer("InternalError")) },
			PUBLISHED,
		),
		scenario(
			"B15",
			`503 SlowDown at ${operation}, once`,
			{ operation, occurrence: 1, fault: answer(errorAnswer("SlowDown")) },
			PUBLISHED,
		),
	]),
	scenario(
		"B15",
		"500 in answer to 30 % of all requests",
		{ probability: 0.3, fault: answer(errorAnswer("InternalError")) },
		PUBLISHED,
	),
	scenario(
		"B15",
		"the connection of 30 % of all requests is reset",
		{ probability: 0.3, fault: reset("body") },
		PUBLISHED,
	),
	scenario(
		"B16",
		"503 SlowDown at every part, longer than the time for retries",
		{ operation: "UploadPart", fault: answer(errorAnswer("SlowDown")) },
		failsWith(6, /UploadPart of .* failed despite retries: SlowDown/, { atLeastMs: 1_500 }),
	),
	scenario(
		"B16",
		"503 SlowDown in answer to everything",
		everywhere("SlowDown"),
		failsWith(6, /SlowDown|503/),
	),
	scenario(
		"B17",
		"429 with Retry-After: 1",
		{
			operation: "UploadPart",
			occurrence: 1,
			fault: answer(errorAnswer("TooManyRequests", { headers: { "retry-after": "1" } })),
		},
		{ exitCode: 0, atLeastMs: 1_000 },
	),
	scenario(
		"B17",
		"503 with Retry-After beyond the time for retries",
		{
			operation: "UploadPart",
			fault: answer(errorAnswer("SlowDown", { headers: { "retry-after": "3600" } })),
		},
		failsWith(6, /SlowDown/),
	),
	scenario(
		"B18",
		"503 before the body of a part was read, and the connection is closed",
		{ operation: "UploadPart", occurrence: { from: 1, to: 2 }, fault: earlyAnswer(errorAnswer("SlowDown")) },
		PUBLISHED,
	),
	...(["head", "body"] as const).flatMap((at) => [
		scenario(
			"B19",
			`RST at the ${at} of a part`,
			{ operation: "UploadPart", occurrence: { from: 1, to: 2 }, fault: reset(at) },
			PUBLISHED,
		),
		scenario(
			"B19",
			`FIN at the ${at} of a part`,
			{ operation: "UploadPart", occurrence: { from: 1, to: 2 }, fault: close(at) },
			PUBLISHED,
		),
	]),
	...([CREATE, "UploadPart", COMPLETE, "HeadObject"] as const).map((operation) =>
		scenario(
			"B20",
			`the answer to ${operation} is cut off`,
			{ operation, occurrence: 1, fault: reset("answer") },
			PUBLISHED,
		),
	),
	...(["head", "body", "done", "answer"] as const).map((at) =>
		scenario(
			"B21",
			`the server hangs at a part: ${at}`,
			{ operation: "UploadPart", occurrence: 1, fault: hang(at) },
			PUBLISHED,
		),
	),
	scenario(
		"B21",
		"the server hangs at HeadBucket, once",
		{ operation: "HeadBucket", occurrence: 1, fault: hang("head") },
		PUBLISHED,
	),
	scenario(
		"B21",
		"the server hangs at HeadObject, once",
		{ operation: "HeadObject", occurrence: 1, fault: hang("head") },
		PUBLISHED,
	),
	scenario(
		"B21",
		"the server hangs at ListMultipartUploads",
		{ operation: "ListMultipartUploads", fault: hang("head") },
		PUBLISHED,
	),
	scenario(
		"B21",
		"the server hangs at every part",
		{ operation: "UploadPart", fault: hang("head") },
		failsWith(6, /cannot reach the storage .* timed out/),
	),
	scenario(
		"B21",
		"the server hangs at everything",
		{ fault: hang("head") },
		failsWith(6, /cannot reach the storage .* timed out/),
	),
	scenario(
		"B22",
		"parts trickle to the server",
		{
			operation: "UploadPart",
			occurrence: 1,
			fault: { type: "trickle", direction: "request", bytesPerSecond: 4_000_000 },
		},
		PUBLISHED,
	),
	scenario(
		"B22",
		"all parts trickle to the server, a KiB in a second",
		{ operation: "UploadPart", fault: { type: "trickle", direction: "request", bytesPerSecond: 1024 } },
		failsWith(6, /cannot reach the storage .* timed out/),
	),
	scenario(
		"B22",
		"the answer to Complete trickles",
		{
			operation: COMPLETE,
			occurrence: 1,
			fault: { type: "trickle", direction: "answer", bytesPerSecond: 400 },
		},
		PUBLISHED,
	),
	...EVERY_STEP.map((operation) =>
		scenario(
			"B28",
			`one answer to ${operation} is no HTTP, though it is done`,
			{ operation, occurrence: 1, fault: noHttp("done") },
			PUBLISHED,
		),
	),
	scenario(
		"B40",
		"every answer is no HTTP",
		{ fault: noHttp("instead") },
		failsWith(6, /cannot reach the storage .*the server there does not speak HTTP; check the endpoint/),
		{ endsEarly: true },
	),
	scenario(
		"B22",
		"the head of the answer to HeadBucket drips in and never ends, once",
		{ operation: "HeadBucket", occurrence: 1, fault: linger("drops") },
		PUBLISHED,
		{ hurried: true },
	),
	...(["early", "done"] as const).map((when) =>
		scenario(
			"B22",
			`a part ${when === "early" ? "is not read, and meets" : "meets"} 102 Processing and nothing else, once`,
			{ operation: "UploadPart", occurrence: 1, fault: linger("interim", when) },
			PUBLISHED,
			{ hurried: true },
		),
	),
	scenario(
		"B22",
		"everything meets 102 Processing and nothing else",
		{ fault: linger("interim") },
		failsWith(6, /cannot reach the storage .* made no progress for/),
	),
	scenario(
		"B40",
		"everything is answered by a captive portal",
		{ fault: answer(htmlAnswer()) },
		failsWith(6, /is the endpoint an S3 storage|not from an S3 storage/),
	),
	scenario(
		"B40",
		"everything is answered with a page under 404",
		{ fault: answer(htmlAnswer(404)) },
		failsWith(5, /./),
	),
	scenario(
		"B43",
		"the server closes connections that are kept alive",
		{ occurrence: { from: 4, to: 8 }, fault: reset("head") },
		PUBLISHED,
	),
];
