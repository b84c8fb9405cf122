import { DeleteObjectCommand, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { handMadeArchive } from "../../support/hand-made-archive.ts";
import { type Answer, errorAnswer } from "../proxy/answer.ts";
import { answer, type Fault } from "../proxy/fault.ts";
import type { S3Request } from "../proxy/operation.ts";

// Responses to requests for ranges that are not what they should be, and what happens to the object meanwhile.

function rewrite(change: (given: Answer) => Answer): Fault {
	return { type: "rewrite", rewrite: change };
}

function withHeader(given: Answer, wanted: string, change: (value: string) => string): Answer {
	const headers = given.headers.map(
		([name, value]) => [name, name.toLowerCase() === wanted ? change(value) : value] as const,
	);
	return { ...given, headers };
}

/** With the length of the body that there is. */
function withBody(given: Answer, body: Buffer): Answer {
	return withHeader({ ...given, body }, "content-length", () => String(body.byteLength));
}

export const SHORT: Fault = rewrite((given) => withBody(given, given.body.subarray(0, -10)));
export const LONG: Fault = rewrite((given) => withBody(given, Buffer.concat([given.body, Buffer.alloc(10)])));
export const OTHER_RANGE: Fault = rewrite((given) =>
	withHeader(given, "content-range", (range) =>
		range.replace(/\d+-/, (first) => `${Number.parseInt(first, 10) + 1}-`),
	),
);
export const OTHER_BYTES: Fault = rewrite((given) => ({
	...given,
	body: Buffer.concat([given.body.subarray(1), given.body.subarray(0, 1)]),
}));
export const OTHER_ETAG: Fault = rewrite((given) =>
	withHeader(given, "etag", () => '"0123456789abcdef0123456789abcdef"'),
);
export const WHOLE_OBJECT: Fault = rewrite((given) => ({
	...given,
	status: 200,
	headers: given.headers.filter(([name]) => !/^content-range$/i.test(name)),
}));
export const NO_SUCH_RANGE: Fault = answer(
	errorAnswer("InternalError", { status: 416, message: "InvalidRange" }),
);
export const FLIPPED: Fault = rewrite((given) => {
	const body = Buffer.from(given.body);
	const middle = body.byteLength >> 1;
	body[middle] = (body[middle] ?? 0) ^ 1;
	return { ...given, body };
});

function meanwhile(
	act: (server: S3Client, target: { Bucket: string; Key: string }) => Promise<unknown>,
): Fault {
	return {
		type: "meanwhile",
		act: ({ bucket, key }: S3Request, server) => act(server, { Bucket: bucket, Key: key }),
	};
}

export const REPLACED: Fault = meanwhile((server, target) =>
	server.send(
		new PutObjectCommand({
			...target,
			Body: handMadeArchive([{ name: "a", content: Buffer.alloc(3_000_000) }]),
		}),
	),
);
export const DELETED: Fault = meanwhile((server, target) => server.send(new DeleteObjectCommand(target)));
