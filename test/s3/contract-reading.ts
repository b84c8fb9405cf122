import { beforeAll, describe, expect, it } from "vitest";
import { type ContractBucket, md5, refusal } from "./contract-bucket.ts";
import type { ContractServer } from "./servers.ts";
import { createSigner } from "./signer.ts";

const BODY = Buffer.from("0123456789");
const ETAG = `"${md5(BODY).toString("hex")}"`;
const HOUR_MS = 60 * 60 * 1000;

export function readingContract(bucket: () => ContractBucket, server: ContractServer): void {
	describe("reading", () => {
		beforeAll(async () => {
			await bucket().put("ten", BODY, { ContentType: "text/plain" });
		});

		it.each([
			["bytes=2-4", "234", "bytes 2-4/10"],
			["bytes=0-0", "0", "bytes 0-0/10"],
			["bytes=7-", "789", "bytes 7-9/10"],
			["bytes=-3", "789", "bytes 7-9/10"],
			["bytes=8-100", "89", "bytes 8-9/10"],
			["bytes=-100", "0123456789", "bytes 0-9/10"],
		])("gives %s as %j", async (Range, text, ContentRange) => {
			const answer = await bucket().get("ten", { Range });
			expect(answer.$metadata.httpStatusCode).toBe(206);
			expect(answer).toMatchObject({ ContentRange, ContentLength: text.length });
			expect(await answer.Body?.transformToString()).toBe(text);
		});

		it("shows the size of a range to HEAD", async () => {
			expect(await bucket().head("ten", { Range: "bytes=2-4" })).toMatchObject({ ContentLength: 3 });
		});

		it.each(["bytes=10-", "bytes=100-200"])("refuses %s with InvalidRange", async (Range) => {
			expect(await refusal(bucket().get("ten", { Range }))).toBe("InvalidRange");
		});

		it.runIf(server.differences.ignoresInvalidRanges)(
			"gives the whole object for a range that is no range",
			async () => {
				expect(await bucket().read("ten", { Range: "bytes=4-2" })).toEqual(BODY);
			},
		);

		it("answers 304 to If-None-Match with the ETag, and to If-Modified-Since with a later time", async () => {
			const later = new Date(Date.now() + HOUR_MS);
			const earlier = new Date(Date.now() - HOUR_MS);
			expect(await refusal(bucket().get("ten", { IfNoneMatch: ETAG }))).toBe(304);
			expect(await refusal(bucket().head("ten", { IfNoneMatch: ETAG }))).toBe(304);
			expect(await refusal(bucket().get("ten", { IfModifiedSince: later }))).toBe(304);
			expect(await bucket().read("ten", { IfNoneMatch: '"other"' })).toEqual(BODY);
			expect(await bucket().read("ten", { IfModifiedSince: earlier })).toEqual(BODY);
		});

		it("answers 412 to If-Match with another ETag, and to If-Unmodified-Since with an earlier time", async () => {
			const earlier = new Date(Date.now() - HOUR_MS);
			expect(await refusal(bucket().get("ten", { IfMatch: '"other"' }))).toBe("PreconditionFailed");
			expect(await refusal(bucket().get("ten", { IfUnmodifiedSince: earlier }))).toBe("PreconditionFailed");
			expect(await refusal(bucket().head("ten", { IfMatch: '"other"' }))).toBe(412);
			expect(await bucket().read("ten", { IfMatch: ETAG })).toEqual(BODY);
		});

		it.runIf(server.differences.ifMatchOutranksTime)("looks at no time if If-Match holds", async () => {
			const earlier = new Date(Date.now() - HOUR_MS);
			expect(await bucket().read("ten", { IfMatch: ETAG, IfUnmodifiedSince: earlier })).toEqual(BODY);
		});

		it("answers with the headers that the request asks for", async () => {
			const answer = await bucket().get("ten", {
				ResponseContentType: "application/zip",
				ResponseContentDisposition: 'attachment; filename="ü.zip"',
			});
			expect(answer.ContentType).toBe("application/zip");
		});

		it("needs no credentials with a presigned URL, until it expires", async () => {
			const url = await presign(server, `/${bucket().name}/ten`, { expiresIn: 60 });
			expect(await (await fetch(url)).text()).toBe("0123456789");
			const range = await fetch(url, { headers: { range: "bytes=1-2" } });
			expect([range.status, await range.text()]).toEqual([206, "12"]);
			const signingDate = new Date(Date.now() - HOUR_MS);
			const expired = await fetch(
				await presign(server, `/${bucket().name}/ten`, { expiresIn: 60, signingDate }),
			);
			expect([expired.status, await errorCode(expired)]).toEqual([403, "AccessDenied"]);
		});

		it("refuses a presigned URL for another key", async () => {
			const url = await presign(server, `/${bucket().name}/ten`, { expiresIn: 60 });
			const answer = await fetch(url.replace("/ten?", "/eleven?"));
			expect([answer.status, await errorCode(answer)]).toEqual([403, "SignatureDoesNotMatch"]);
		});
	});
}

async function presign(
	server: ContractServer,
	path: string,
	options: { readonly expiresIn: number; readonly signingDate?: Date },
): Promise<string> {
	const { protocol, hostname, port, host } = new URL(server.endpoint);
	const headers = { host, "x-amz-content-sha256": "UNSIGNED-PAYLOAD" };
	const request = { method: "GET", protocol, hostname, port: Number(port), path, headers };
	const { query = {} } = await createSigner(server).presign(request, options);
	const text = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`);
	return `${server.endpoint}${path}?${text.join("&")}`;
}

async function errorCode(answer: Response): Promise<string | undefined> {
	return /<Code>(\w+)<\/Code>/.exec(await answer.text())?.[1];
}
