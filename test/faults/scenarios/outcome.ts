import { type Answer, emptyAnswer, errorAnswer, htmlAnswer } from "../proxy/answer.ts";
import { answer, answerWhenDone, close, hang, reset } from "../proxy/fault.ts";
import { failsWith, PUBLISHED, type Scenario, scenario } from "../scenario.ts";

const COMPLETE = "CompleteMultipartUpload";
const CREATE = "CreateMultipartUpload";
const HIDDEN_ERROR = errorAnswer("InternalError", { status: 200 });

/** The storage did something, and says nothing, or something else. */
export const OUTCOME_SCENARIOS: readonly Scenario[] = [
	scenario(
		"B25",
		"Complete succeeded, its answer was lost",
		{ operation: COMPLETE, occurrence: 1, fault: reset("done") },
		PUBLISHED,
	),
	scenario(
		"B25",
		"Complete succeeded, all its answers are lost",
		{ operation: COMPLETE, fault: close("done") },
		PUBLISHED,
	),
	scenario(
		"B25",
		"Complete succeeded, its answer was cut off",
		{ operation: COMPLETE, occurrence: 1, fault: reset("answer") },
		PUBLISHED,
	),
	scenario(
		"B25",
		"all answers to Complete are lost, and the object before was the same",
		{ operation: COMPLETE, fault: reset("done") },
		PUBLISHED,
		{ previous: "same" },
	),
	scenario(
		"B25",
		"Complete never gets through, and the object before was the same",
		{ operation: COMPLETE, fault: reset("head") },
		PUBLISHED,
		{ previous: "same" },
	),
	scenario(
		"B26",
		"Complete answers InternalError under 200",
		{ operation: COMPLETE, occurrence: 1, fault: answer(HIDDEN_ERROR) },
		{ exitCode: 0, repeated: "CompleteMultipartUpload" },
	),
	scenario(
		"B26",
		"Complete answers SlowDown under 200, after white space",
		{
			operation: COMPLETE,
			occurrence: 1,
			fault: answer(errorAnswer("SlowDown", { status: 200, whiteSpaceMs: 300 })),
		},
		{ exitCode: 0, repeated: "CompleteMultipartUpload" },
	),
	scenario(
		"B26",
		"Complete answers AccessDenied under 200",
		{ operation: COMPLETE, fault: answer(errorAnswer("AccessDenied", { status: 200 })) },
		failsWith(5, /CompleteMultipartUpload .* was refused: AccessDenied/),
	),
	scenario(
		"B27",
		"Complete answers InternalError under 200, though it is done",
		{ operation: COMPLETE, occurrence: 1, fault: answerWhenDone(HIDDEN_ERROR) },
		PUBLISHED,
	),
	scenario(
		"B28",
		"Complete is answered by a captive portal, once",
		{ operation: COMPLETE, occurrence: 1, fault: answer(htmlAnswer()) },
		PUBLISHED,
	),
	scenario(
		"B28",
		"Complete is answered by a captive portal, every time",
		{ operation: COMPLETE, fault: answer(htmlAnswer()) },
		failsWith(6, /cannot reach the storage .* the response is not from an S3 storage/),
		{ endsEarly: true },
	),
	scenario(
		"B28",
		"Complete is done, and a captive portal answers",
		{ operation: COMPLETE, fault: answerWhenDone(htmlAnswer()) },
		PUBLISHED,
	),
	scenario(
		"B28",
		"Complete is answered with 200 and nothing in it, every time",
		{ operation: COMPLETE, fault: answer(emptyAnswer()) },
		failsWith(6, /CompleteMultipartUpload of .* failed despite retries: InternalError/),
	),
	scenario(
		"B28",
		"HeadObject is answered by a captive portal, once",
		{ operation: "HeadObject", occurrence: 1, fault: answer(htmlAnswer()) },
		PUBLISHED,
	),
	scenario(
		"B30",
		"Complete is done and never answered, once",
		{ operation: COMPLETE, occurrence: 1, fault: hang("done") },
		PUBLISHED,
		{ hurried: true },
	),
	scenario(
		"B31",
		"Create's answer was lost",
		{ operation: CREATE, occurrence: 1, fault: reset("done") },
		{ exitCode: 0, repeated: "CreateMultipartUpload" },
	),
	scenario(
		"B31",
		"Create is done and never answered, once",
		{ operation: CREATE, occurrence: 1, fault: hang("done") },
		PUBLISHED,
	),
	scenario(
		"B31",
		"Create is done and answered with 500, twice",
		{
			operation: CREATE,
			occurrence: { from: 1, to: 2 },
			fault: answerWhenDone(errorAnswer("InternalError")),
		},
		PUBLISHED,
	),
	scenario(
		"B31",
		"Create's answer was lost, and the upload takes its time",
		[
			{ operation: CREATE, occurrence: 1, fault: reset("done") },
			{
				operation: "UploadPart",
				occurrence: 2,
				fault: answer(errorAnswer("SlowDown", { headers: { "retry-after": "2" } })),
			},
			{ operation: COMPLETE, occurrence: 1, fault: { type: "late", delayMs: 900 } },
			{ operation: "HeadObject", occurrence: 1, fault: { type: "late", delayMs: 900 } },
		],
		PUBLISHED,
	),
	scenario(
		"B31",
		"Create's answer was lost, and a captive portal answers the search for it, twice",
		[
			{ operation: CREATE, occurrence: 1, fault: reset("done") },
			{ operation: "ListMultipartUploads", occurrence: { from: 2, to: 3 }, fault: answer(htmlAnswer()) },
		],
		PUBLISHED,
	),
	scenario(
		"B31",
		"Create's answer was lost, and the search for it meets a 500 and a captive portal",
		[
			{ operation: CREATE, occurrence: 1, fault: reset("done") },
			{
				operation: "ListMultipartUploads",
				occurrence: { from: 2, to: 3 },
				fault: answer(errorAnswer("InternalError")),
			},
			{ operation: "ListParts", occurrence: 1, fault: answer(htmlAnswer()) },
		],
		PUBLISHED,
	),
	scenario(
		"B31",
		"all of Create's answers are lost",
		{ operation: CREATE, fault: reset("done") },
		failsWith(6, /cannot reach the storage .* ECONNRESET/),
	),
	scenario(
		"B31",
		"a byte of the upload id is flipped in the answer to Create",
		{ operation: CREATE, occurrence: 1, fault: { type: "rewrite", rewrite: withOtherUploadId } },
		failsWith(5, /NoSuchUpload/),
	),
	scenario(
		"B31",
		"Create arrives late, after the one that repeats it",
		{ operation: CREATE, occurrence: 1, fault: { type: "late", delayMs: 900 } },
		PUBLISHED,
	),
];

function withOtherUploadId(given: Answer): Answer {
	const text = given.body.toString();
	const changed = text.replace(/(<UploadId>)(.)/, (_, tag, first) => `${tag}${first === "1" ? "2" : "1"}`);
	return { ...given, body: Buffer.from(changed) };
}
