import { type ErrorName, emptyAnswer, errorAnswer, htmlAnswer } from "../proxy/answer.ts";
import { answer, earlyAnswer } from "../proxy/fault.ts";
import type { Operation } from "../proxy/operation.ts";
import type { Rule } from "../proxy/plan.ts";
import { failsWith, PUBLISHED, type Scenario, scenario } from "../scenario.ts";
import { everywhere } from "./rules.ts";

const COMPLETE = "CompleteMultipartUpload";
const CREATE = "CreateMultipartUpload";

const refused = (operation: Operation, name: ErrorName = "AccessDenied"): Rule => ({
	operation,
	fault: answer(errorAnswer(name)),
});

/** The storage does not want it: who asks, where, how much, or under which key. */
export const ACCESS_SCENARIOS: readonly Scenario[] = [
	scenario(
		"B1",
		"the access key is not known",
		everywhere("InvalidAccessKeyId"),
		failsWith(5, /InvalidAccessKeyId.*check AWS_ACCESS_KEY_ID/, { requests: { CreateMultipartUpload: 1 } }),
	),
	scenario(
		"B1",
		"the secret key is wrong",
		everywhere("SignatureDoesNotMatch"),
		failsWith(5, /SignatureDoesNotMatch.*check AWS_SECRET_ACCESS_KEY/, {
			requests: { CreateMultipartUpload: 1 },
		}),
	),
	scenario(
		"B3",
		"the clocks differ, whatever the client corrects",
		everywhere("RequestTimeTooSkewed"),
		failsWith(6, /the clocks of this machine and the server differ too much/),
		{ endsEarly: true },
	),
	scenario(
		"B4",
		"the bucket does not exist",
		everywhere("NoSuchBucket"),
		failsWith(5, /^zipferry: the bucket "[^"]+" does not exist there; create it first/, {
			requests: { HeadBucket: 1, CreateMultipartUpload: 0 },
		}),
	),
	scenario(
		"B5",
		"the bucket is in another region, which the storage does not name",
		everywhere("PermanentRedirect"),
		failsWith(5, /is in another region; use --region/, { requests: { CreateMultipartUpload: 0 } }),
	),
	scenario(
		"B6",
		"AccessDenied at Create",
		refused(CREATE),
		failsWith(5, /CreateMultipartUpload of .* was refused: AccessDenied/, { requests: { UploadPart: 0 } }),
	),
	scenario(
		"B7",
		"AccessDenied at one part",
		{ ...refused("UploadPart"), partNumber: 2 },
		failsWith(5, /UploadPart of .* was refused: AccessDenied/),
	),
	scenario(
		"B7",
		"AccessDenied at Complete",
		refused(COMPLETE),
		failsWith(5, /CompleteMultipartUpload of .* was refused/),
	),
	scenario(
		"B7",
		"AccessDenied at ListParts, after a part was refused",
		[refused("ListParts"), refused("UploadPart", "QuotaExceeded")],
		failsWith(5, /UploadPart of .* was refused: QuotaExceeded/),
	),
	scenario(
		"B7",
		"AccessDenied at HeadBucket and ListMultipartUploads",
		[refused("HeadBucket"), refused("ListMultipartUploads")],
		PUBLISHED,
	),
	scenario(
		"B7",
		"AccessDenied at HeadObject: the object cannot be looked at",
		refused("HeadObject"),
		failsWith(5, /HeadObject of .* was refused: HTTP status 403.*the object is probably there/, {
			leaves: "unconfirmed-object",
		}),
	),
	scenario(
		"B8",
		"a policy of the bucket demands something",
		{
			operation: CREATE,
			fault: answer(
				errorAnswer("AccessDenied", { message: "explicit deny: s3:x-amz-server-side-encryption" }),
			),
		},
		failsWith(5, /explicit deny: s3:x-amz-server-side-encryption/),
	),
	scenario(
		"B9",
		"the quota is used up at the second part",
		{ operation: "UploadPart", occurrence: { from: 2 }, fault: answer(errorAnswer("QuotaExceeded")) },
		failsWith(5, /the quota of the bucket is used up/),
	),
	scenario(
		"B9",
		"507, the storage is full, at the second part",
		{ operation: "UploadPart", occurrence: { from: 2 }, fault: answer(errorAnswer("InsufficientStorage")) },
		failsWith(5, /the storage is full/),
	),
	scenario(
		"B9",
		"the quota is used up at Complete",
		{ operation: COMPLETE, fault: answer(errorAnswer("QuotaExceeded", { status: 400 })) },
		failsWith(5, /the quota of the bucket is used up/),
	),
	scenario(
		"B10",
		"the object is locked: 403 at Complete",
		{
			operation: COMPLETE,
			fault: answer(errorAnswer("AccessDenied", { message: "object protected by object lock" })),
		},
		failsWith(5, /object protected by object lock/),
	),
	scenario(
		"B10",
		"the object is locked: 403 at Complete, and it is the same",
		refused(COMPLETE),
		failsWith(5, /AccessDenied/),
		{ previous: "same" },
	),
	scenario(
		"B11",
		"--no-clobber, 412 at Complete, and the object that is there is the same",
		[{ operation: "HeadObject", occurrence: 1, fault: answer(errorAnswer("NoSuchKey")) }],
		failsWith(9, /exists already and is left as it is/),
		{ args: ["--no-clobber"], previous: "same" },
	),
	scenario(
		"B10",
		"the object is locked: 403 at a small upload",
		{
			operation: "PutObject",
			fault: answer(errorAnswer("AccessDenied", { message: "object protected by object lock" })),
		},
		failsWith(5, /object protected by object lock/),
		{ archive: "small" },
	),
	scenario(
		"B11",
		"--no-clobber, and there is an object",
		[],
		failsWith(9, /exists already and is left as it is/, { requests: { CreateMultipartUpload: 0 } }),
		{ args: ["--no-clobber"] },
	),
	scenario(
		"B11",
		"--no-clobber, and there is an object, though a 500 and a captive portal answer the question at first",
		[
			{ operation: "HeadObject", occurrence: 1, fault: answer(errorAnswer("InternalError")) },
			{ operation: "HeadObject", occurrence: 2, fault: answer(htmlAnswer()) },
		],
		failsWith(9, /exists already and is left as it is/, { requests: { CreateMultipartUpload: 0 } }),
		{ args: ["--no-clobber"] },
	),
	scenario(
		"B11",
		"--no-clobber, and nobody tells whether there is an object",
		{ operation: "HeadObject", fault: answer(errorAnswer("InternalError")) },
		failsWith(6, /HeadObject of .* failed despite retries/, { requests: { CreateMultipartUpload: 0 } }),
		{ args: ["--no-clobber"] },
	),
	scenario(
		"B11",
		"--no-clobber, and 412 at Complete: it came meanwhile",
		[{ operation: "HeadObject", occurrence: 1, fault: answer(errorAnswer("NoSuchKey")) }],
		failsWith(9, /exists already and is left as it is/, { requests: { CompleteMultipartUpload: 1 } }),
		{ args: ["--no-clobber"] },
	),
	scenario(
		"B12",
		"409 ConditionalRequestConflict at Complete, once",
		{ operation: COMPLETE, occurrence: 1, fault: answer(errorAnswer("ConditionalRequestConflict")) },
		{ exitCode: 0, repeated: "CompleteMultipartUpload" },
	),
	scenario(
		"B12",
		"409 ConditionalRequestConflict at Complete, every time",
		{ operation: COMPLETE, fault: answer(errorAnswer("ConditionalRequestConflict")) },
		failsWith(6, /another upload to the same key was finished at the same time/),
		{ endsEarly: true },
	),
	scenario(
		"B13",
		"ExpiredToken at the second part, once",
		{ operation: "UploadPart", occurrence: 2, fault: answer(errorAnswer("ExpiredToken")) },
		PUBLISHED,
	),
	scenario(
		"B13",
		"ExpiredToken from the second part on, and nothing renews it",
		[
			{ operation: "UploadPart", occurrence: { from: 2 }, fault: answer(errorAnswer("ExpiredToken")) },
			refused("AbortMultipartUpload", "ExpiredToken"),
			refused("ListParts", "ExpiredToken"),
		],
		failsWith(6, /the session has expired; get new credentials/, { leaves: "named-upload" }),
		{ endsEarly: true },
	),
	scenario(
		"B18",
		"403 before the body of a part was read, and the connection is closed",
		{ operation: "UploadPart", partNumber: 2, fault: earlyAnswer(errorAnswer("AccessDenied")) },
		failsWith(5, /UploadPart of .* was refused: AccessDenied/),
	),
	scenario(
		"B41",
		"501 at Complete",
		refused(COMPLETE, "NotImplemented"),
		failsWith(5, /the storage does not support an option that was requested/),
	),
	scenario(
		"B41",
		"501 at the first part",
		refused("UploadPart", "NotImplemented"),
		failsWith(5, /the storage does not support an option that was requested/),
	),
	scenario(
		"E18",
		"307 to another host",
		{
			operation: CREATE,
			fault: answer({ ...emptyAnswer(307), headers: [["location", "http://127.0.0.1:1/"]] }),
		},
		failsWith(5, /CreateMultipartUpload of .* was refused: HTTP status 307/),
	),
];
