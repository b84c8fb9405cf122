import { afterAll, describe, expect, it } from "vitest";
import { startLocalS3 } from "../../../../localstack/strict-s3/local-s3.ts";
import { type RawRequest, send, signAndSend, signHeaders } from "../raw-request.ts";

const server = await startLocalS3({ buckets: ["signed"] });
afterAll(() => server.close());

const LIST: RawRequest = { method: "GET", path: "/signed", query: { "list-type": "2", prefix: "a b+ü" } };
const PUT: RawRequest = { method: "PUT", path: "/signed/key" };
const MINUTE_MS = 60 * 1000;

describe("the signature of a request", () => {
	it("is accepted with a query and a path that need encoding", async () => {
		expect((await signAndSend(server, LIST)).status).toBe(200);
		expect((await signAndSend(server, { ...PUT, path: "/signed/%20%2B%25%C3%BC//x" }, "x")).status).toBe(200);
	});

	it("is missing: AccessDenied", async () => {
		const answer = await send(server, LIST, {});
		expect([answer.status, answer.code]).toEqual([403, "AccessDenied"]);
	});

	it("names an unknown key: InvalidAccessKeyId", async () => {
		const answer = await signAndSend(server, { ...LIST, accessKeyId: "somebody" });
		expect([answer.status, answer.code]).toEqual([403, "InvalidAccessKeyId"]);
	});

	it("was made with another secret: SignatureDoesNotMatch", async () => {
		const answer = await signAndSend(server, { ...LIST, secretAccessKey: "guess" });
		expect([answer.status, answer.code]).toEqual([403, "SignatureDoesNotMatch"]);
	});

	it.each([
		["method", { method: "PUT" }],
		["path", { path: "/signed/other" }],
		["query", { query: { "list-type": "2" } }],
	])("was made for another %s: SignatureDoesNotMatch", async (_, change) => {
		const answer = await send(server, { ...LIST, ...change }, await signHeaders(server, LIST));
		expect([answer.status, answer.code]).toEqual([403, "SignatureDoesNotMatch"]);
	});

	it("does not cover an x-amz- header that was added: AccessDenied", async () => {
		const headers = await signHeaders(server, PUT);
		const answer = await send(server, PUT, { ...headers, "x-amz-meta-added": "1", "content-length": "0" });
		expect([answer.status, answer.code]).toEqual([403, "AccessDenied"]);
	});

	it.each([-16, 16])("is %d minutes off: RequestTimeTooSkewed", async (minutes) => {
		const signingDate = new Date(Date.now() + minutes * MINUTE_MS);
		const answer = await signAndSend(server, { ...LIST, signingDate });
		expect([answer.status, answer.code]).toEqual([403, "RequestTimeTooSkewed"]);
	});

	it.each([-14, 14])("may be %d minutes off", async (minutes) => {
		const signingDate = new Date(Date.now() + minutes * MINUTE_MS);
		expect((await signAndSend(server, { ...LIST, signingDate })).status).toBe(200);
	});

	it("is judged by the clock of the server", async () => {
		const clock = () => new Date("2030-01-01T00:00:00Z");
		const later = await startLocalS3({ clock, buckets: ["signed"] });
		expect((await signAndSend(later, LIST)).code).toBe("RequestTimeTooSkewed");
		expect((await signAndSend(later, { ...LIST, signingDate: clock() })).status).toBe(200);
		await later.close();
	});

	it("is for another region: AuthorizationHeaderMalformed", async () => {
		const headers = await signHeaders({ ...server, region: "eu-west-1" }, LIST);
		const answer = await send(server, LIST, headers);
		expect([answer.status, answer.code]).toEqual([400, "AuthorizationHeaderMalformed"]);
	});

	it("counts for nothing if the body has another digest", async () => {
		const answer = await signAndSend(server, { ...PUT, payload: "0".repeat(64) }, "body");
		expect([answer.status, answer.code]).toEqual([400, "XAmzContentSHA256Mismatch"]);
		expect((await signAndSend(server, { method: "HEAD", path: "/signed/key" })).status).toBe(404);
	});
});
