import { AbortMultipartUploadCommand } from "@aws-sdk/client-s3";
import { errorAnswer, htmlAnswer } from "../proxy/answer.ts";
import { answer, answerWhenDone, type Fault, hang, reset } from "../proxy/fault.ts";
import type { Rule } from "../proxy/plan.ts";
import { failsWith, PUBLISHED, type Scenario, scenario } from "../scenario.ts";

const ABORT = "AbortMultipartUpload";
const COMPLETE = "CompleteMultipartUpload";

/** Somebody else removes the upload, a lifecycle rule for instance. */
const KILL_UPLOAD: Fault = {
	type: "meanwhile",
	act: ({ bucket: Bucket, key: Key, uploadId: UploadId }, server) =>
		server.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId })),
};

const partRefused: Rule = {
	operation: "UploadPart",
	partNumber: 2,
	fault: answer(errorAnswer("AccessDenied")),
};
const ORPHAN = { leaves: "named-upload" } as const;
const PART_REFUSED = /^zipferry: UploadPart of .* was refused: AccessDenied/;

/** Something has failed, and cleaning up is difficult as well. */
export const CLEANUP_SCENARIOS: readonly Scenario[] = [
	scenario(
		"B14",
		"the upload is removed before its second part",
		{ operation: "UploadPart", partNumber: 2, occurrence: 1, fault: KILL_UPLOAD },
		failsWith(5, /NoSuchUpload.*a lifecycle rule for incomplete uploads/),
	),
	scenario(
		"B14",
		"the upload is removed before Complete",
		{ operation: COMPLETE, occurrence: 1, fault: KILL_UPLOAD },
		failsWith(5, /NoSuchUpload.*a lifecycle rule for incomplete uploads/),
	),
	scenario(
		"B32",
		"a part arrives twice",
		{ operation: "UploadPart", occurrence: 1, fault: { type: "duplicate" } },
		PUBLISHED,
	),
	scenario(
		"B32",
		"Complete arrives twice",
		{ operation: COMPLETE, occurrence: 1, fault: { type: "duplicate" } },
		PUBLISHED,
	),
	scenario(
		"B32",
		"a small archive arrives twice",
		{ operation: "PutObject", occurrence: 1, fault: { type: "duplicate" } },
		PUBLISHED,
		{ archive: "small" },
	),
	scenario(
		"B33",
		"a part is refused, and Abort is refused",
		[partRefused, { operation: ABORT, fault: answer(errorAnswer("AccessDenied")) }],
		failsWith(5, PART_REFUSED, ORPHAN),
	),
	scenario(
		"B33",
		"a part is refused, and Abort meets a 500",
		[partRefused, { operation: ABORT, fault: answer(errorAnswer("InternalError")) }],
		failsWith(5, PART_REFUSED, ORPHAN),
	),
	scenario(
		"B33",
		"a part is refused, and Abort is never answered",
		[partRefused, { operation: ABORT, fault: hang("head") }],
		failsWith(5, PART_REFUSED, ORPHAN),
	),
	scenario(
		"B33",
		"a part is refused, and Abort meets a 500 at first",
		[
			partRefused,
			{ operation: ABORT, occurrence: { from: 1, to: 3 }, fault: answer(errorAnswer("InternalError")) },
		],
		failsWith(5, PART_REFUSED),
	),
	scenario(
		"B33",
		"a part is refused, and the answer to Abort is lost",
		[partRefused, { operation: ABORT, occurrence: 1, fault: reset("done") }],
		failsWith(5, PART_REFUSED),
	),
	scenario(
		"B33",
		"a part is refused, and Abort says yes but does nothing at first",
		[
			partRefused,
			{ operation: ABORT, occurrence: 1, fault: answer({ status: 204, headers: [], body: Buffer.alloc(0) }) },
		],
		failsWith(5, PART_REFUSED),
	),
	scenario(
		"B33",
		"a part is refused, a captive portal answers Abort, and the connection of ListParts is reset",
		[
			partRefused,
			{ operation: ABORT, occurrence: 1, fault: answer(htmlAnswer()) },
			{ operation: "ListParts", occurrence: 1, fault: reset("head") },
		],
		failsWith(5, PART_REFUSED),
	),
	scenario(
		"B33",
		"a part is refused, and Abort is answered with a page under 404, once",
		[partRefused, { operation: ABORT, occurrence: 1, fault: answer(htmlAnswer(404)) }],
		failsWith(5, PART_REFUSED),
	),
	scenario(
		"B34",
		"a part is still on its way when another one is refused",
		[{ operation: "UploadPart", partNumber: 1, fault: { type: "late", delayMs: 1_000 } }, { ...partRefused }],
		failsWith(5, PART_REFUSED),
	),
	scenario(
		"B35",
		"the answer to a small upload was lost",
		{ operation: "PutObject", occurrence: 1, fault: reset("done") },
		{ exitCode: 0, requests: { PutObject: 2 } },
		{ archive: "small" },
	),
	scenario(
		"B35",
		"a small upload meets a 500, though it is done",
		{ operation: "PutObject", occurrence: 1, fault: answerWhenDone(errorAnswer("InternalError")) },
		PUBLISHED,
		{ archive: "small" },
	),
	scenario(
		"B35",
		"all answers to a small upload are lost",
		{ operation: "PutObject", fault: reset("done") },
		PUBLISHED,
		{ archive: "small" },
	),
	scenario(
		"B35",
		"a small upload is never answered",
		{ operation: "PutObject", fault: hang("body") },
		failsWith(6, /timed out/),
		{ archive: "small" },
	),
];
