import type { Answer } from "../proxy/answer.ts";
import { errorAnswer } from "../proxy/answer.ts";
import { answer, type Fault } from "../proxy/fault.ts";
import { failsWith, PUBLISHED, type Scenario, scenario } from "../scenario.ts";

const COMPLETE = "CompleteMultipartUpload";
const FLIP: Fault = { type: "flip" };
const FLIP_UNNOTICED: Fault = { type: "flip-unnoticed" };
const OTHER_ETAG: Fault = { type: "rewrite", rewrite: (given) => withHeader(given, "etag", turnedDigit) };
/** What HeadObject says is a byte short. */
export const OTHER_SIZE: Fault = {
	type: "rewrite",
	rewrite: (given) => withHeader(given, "content-length", (size) => String(Number(size) - 1)),
};

const OTHER_CRC32: Fault = {
	type: "rewrite",
	rewrite: (given) => withHeader(given, "x-amz-checksum-crc32", () => "AAAAAA=="),
};
const AWS = { args: ["--provider", "aws"] } as const;

/** Bytes change on the way, or the storage says something else than it holds. */
export const INTEGRITY_SCENARIOS: readonly Scenario[] = [
	scenario(
		"B23",
		"a byte of a part is flipped on its way",
		{ operation: "UploadPart", occurrence: 1, fault: FLIP },
		{ exitCode: 0, repeated: "UploadPart" },
	),
	scenario(
		"B23",
		"a byte of every part is flipped on its way, every time",
		{ operation: "UploadPart", fault: FLIP },
		failsWith(6, /BadDigest|XAmzContentSHA256Mismatch/),
		{ endsEarly: true },
	),
	scenario(
		"B23",
		"a byte of a small archive is flipped on its way",
		{ operation: "PutObject", occurrence: 1, fault: FLIP },
		PUBLISHED,
		{ archive: "small" },
	),
	scenario(
		"B24",
		"a byte of a part is flipped, and the server does not notice",
		{ operation: "UploadPart", occurrence: 1, fault: FLIP_UNNOTICED },
		{ exitCode: 0, repeated: "UploadPart" },
	),
	scenario(
		"B24",
		"a byte of every part is flipped, every time, and the server does not notice",
		{ operation: "UploadPart", fault: FLIP_UNNOTICED },
		failsWith(7, /the storage received other bytes than were sent/),
	),
	scenario(
		"B24",
		"a byte of a small archive is flipped, and the server does not notice",
		{ operation: "PutObject", occurrence: 1, fault: FLIP_UNNOTICED },
		PUBLISHED,
		{ archive: "small" },
	),
	scenario(
		"B24",
		"a byte of a small archive is flipped, every time, and the server does not notice",
		{ operation: "PutObject", fault: FLIP_UNNOTICED },
		failsWith(7, /the object was deleted/, { leaves: "no-object" }),
		{ archive: "small" },
	),
	scenario(
		"B24",
		"the storage holds an object of another size",
		{ operation: "HeadObject", fault: OTHER_SIZE },
		failsWith(7, /is not what was sent: it has \d+ bytes, not \d+.*the object was deleted/, {
			leaves: "no-object",
		}),
	),
	scenario(
		"B23",
		"with checksums, as on AWS: a byte of a part is flipped on its way",
		{ operation: "UploadPart", occurrence: 1, fault: FLIP },
		{ exitCode: 0, repeated: "UploadPart" },
		AWS,
	),
	scenario(
		"B24",
		"with checksums, as on AWS: a byte of a part is flipped, and the server does not notice",
		{ operation: "UploadPart", occurrence: 1, fault: FLIP_UNNOTICED },
		{ exitCode: 0, repeated: "UploadPart" },
		AWS,
	),
	scenario(
		"B24",
		"with checksums, as on AWS: a byte of every part is flipped, every time, and the server does not notice",
		{ operation: "UploadPart", fault: FLIP_UNNOTICED },
		failsWith(7, /the storage received other bytes than were sent: CRC-32/),
		AWS,
	),
	scenario(
		"B24",
		"with checksums, as on AWS: the storage holds an object with another checksum",
		{ operation: "HeadObject", fault: OTHER_CRC32 },
		failsWith(7, /is not what was sent: its CRC-32 is .*the object was deleted/, { leaves: "no-object" }),
		AWS,
	),
	scenario(
		"B44",
		"the ETag in the answer to a part is another one",
		{ operation: "UploadPart", occurrence: 1, fault: OTHER_ETAG },
		{ exitCode: 0, repeated: "UploadPart" },
	),
	scenario(
		"B44",
		"the ETags in the answers to all parts are others",
		{ operation: "UploadPart", fault: OTHER_ETAG },
		failsWith(7, /the storage received other bytes than were sent/),
	),
	scenario(
		"B44",
		"the ETag in the answer to HeadObject is another one, once",
		{ operation: "HeadObject", occurrence: 1, fault: OTHER_ETAG },
		PUBLISHED,
	),
	scenario(
		"B44",
		"the size in the answer to HeadObject is another one, once",
		{ operation: "HeadObject", occurrence: 1, fault: OTHER_SIZE },
		PUBLISHED,
	),
	scenario(
		"B29",
		"InvalidPart at Complete",
		{ operation: COMPLETE, fault: answer(errorAnswer("InvalidPart")) },
		failsWith(5, /CompleteMultipartUpload of .* was refused: InvalidPart/),
	),
	scenario(
		"B29",
		"InvalidPartOrder at Complete",
		{ operation: COMPLETE, fault: answer(errorAnswer("InvalidPartOrder")) },
		failsWith(5, /was refused: InvalidPartOrder/),
	),
	scenario(
		"B29",
		"EntityTooSmall at Complete",
		{ operation: COMPLETE, fault: answer(errorAnswer("EntityTooSmall")) },
		failsWith(5, /was refused: EntityTooSmall/),
	),
	scenario(
		"B47",
		"HeadObject says 404 right after Complete, once",
		{ operation: "HeadObject", occurrence: 1, fault: answer(errorAnswer("NoSuchKey")) },
		PUBLISHED,
	),
];

function withHeader(given: Answer, wanted: string, change: (value: string) => string): Answer {
	const headers = given.headers.map(
		([name, value]) => [name, name.toLowerCase() === wanted ? change(value) : value] as const,
	);
	return { ...given, headers };
}

/** An ETag of the same form and another value. */
function turnedDigit(etag: string): string {
	return etag.replace(/[0-9a-f]/, (digit) => (digit === "0" ? "1" : "0"));
}
