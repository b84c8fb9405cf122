import type { RequestListener } from "node:http";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { StorageError, uploadZip } from "../../../src/index.ts";
import { BUCKET, DemoServer } from "../../support/demo-server.ts";
import { type PlainServer, startPlainServer } from "../../support/plain-server.ts";

const SECRET = "wJalrXUtnFEMI/K7MDENG+given+CiCYzEXAMPLEKEY";
const KEYS = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: SECRET };
const TOKEN = "IQoJb3JpZ2luX2VjEXAMPLE/+given-token==";

let demo: DemoServer;
/** Repeats the whole request in its error message, and what secrets it knows. */
let echo: PlainServer;
beforeAll(async () => {
	demo = await DemoServer.start();
	echo = await startPlainServer(echoing);
});
afterAll(async () => {
	await demo?.close();
	await echo?.close();
});
beforeEach(() => {
	// Nothing but the option may lead to the storage.
	for (const name of ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"])
		vi.stubEnv(name, undefined);
	vi.stubEnv("AWS_CONFIG_FILE", "/nowhere");
	vi.stubEnv("AWS_SHARED_CREDENTIALS_FILE", "/nowhere");
	vi.stubEnv("AWS_EC2_METADATA_DISABLED", "true");
	return () => vi.unstubAllEnvs();
});

const echoing: RequestListener = ({ rawHeaders }, response) => {
	response.writeHead(403, { "content-type": "application/xml" });
	const message = `${rawHeaders.join(" ")} ${SECRET} ${TOKEN}`
		.replaceAll("&", "&amp;")
		.replaceAll("<", "&lt;");
	response.end(`<Error><Code>AccessDenied</Code><Message>${message}</Message></Error>`);
};

type Options = Partial<Parameters<typeof uploadZip>[1]>;

function upload(options: Options) {
	const target = { bucket: BUCKET, key: "a.zip", region: "us-east-1", retryTimeMs: 0 };
	return uploadZip({ name: "a.txt", content: "alpha" }, { ...target, ...options });
}

async function failureOf(options: Options): Promise<Error> {
	try {
		await upload(options);
	} catch (error) {
		return error as Error;
	}
	throw new Error("it was uploaded");
}

describe("credentials that a program gives", () => {
	it.each(["an object", "a function", "a function that ends soon"])("sign the requests: %s", async (form) => {
		const { accessKeyId, secretAccessKey } = demo.s3;
		const keys = Object.freeze({ accessKeyId, secretAccessKey });
		const expiration = new Date(Date.now() + 1000);
		const asked = vi.fn(async () => (form === "a function" ? keys : { ...keys, expiration }));
		await upload({
			endpoint: new URL(demo.s3.endpoint),
			credentials: form === "an object" ? keys : asked,
		});
		expect((await demo.get("a.zip")).bytes.byteLength).toBeGreaterThan(0);
		expect(demo.s3.requests.at(-1)?.status).toBe(200);
		expect(asked.mock.calls.length > 0).toBe(form !== "an object");
	});

	it("come before those of the environment", async () => {
		vi.stubEnv("AWS_ACCESS_KEY_ID", "other");
		vi.stubEnv("AWS_SECRET_ACCESS_KEY", "other-secret");
		const { accessKeyId, secretAccessKey, endpoint } = demo.s3;
		await upload({ endpoint, credentials: { accessKeyId, secretAccessKey } });
	});

	it.each(["an object", "a function"])("are in no message, whatever the server repeats: %s", async (form) => {
		const keys = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: SECRET, sessionToken: TOKEN };
		const error = await failureOf({
			endpoint: echo.url,
			credentials: form === "an object" ? keys : async () => keys,
		});
		expect(error).toMatchObject({ code: "STORAGE_REFUSED", message: expect.stringContaining("[secret]") });
		for (const secret of [SECRET, TOKEN]) {
			expect(error.message).not.toContain(secret);
		}
	});

	it.each([
		["nothing", undefined, "no accessKeyId and secretAccessKey"],
		["no secret", { accessKeyId: "id" }, "no secretAccessKey"],
		["an empty secret", { accessKeyId: "id", secretAccessKey: "" }, "no secretAccessKey"],
		["a token of a kind", { ...KEYS, sessionToken: 5 }, "a sessionToken that is no text"],
		["the text of an end", { ...KEYS, expiration: "2026-01-31T12:00:00Z" }, "an expiration that is no Date"],
		["no end", { ...KEYS, expiration: new Date("soon") }, "an expiration that is no Date"],
	])("are refused in words if the function gives %s", async (_what, keys, flaw) => {
		const error = await failureOf({ endpoint: demo.s3.endpoint, credentials: async () => keys as never });
		expect(error).toBeInstanceOf(StorageError);
		expect(error).toMatchObject({
			code: "NO_CREDENTIALS",
			message: `no credentials: the function given as credentials has returned ${flaw}`,
		});
	});

	it("say why, if the function fails", async () => {
		const failure = new Error("the vault is sealed");
		const error = await failureOf({ endpoint: demo.s3.endpoint, credentials: () => Promise.reject(failure) });
		expect(error).toMatchObject({
			code: "NO_CREDENTIALS",
			message: "no credentials: the vault is sealed",
			cause: failure,
		});
	});

	it("are refused as an option where their end is text, as STS prints it", async () => {
		const credentials = { ...KEYS, expiration: "2026-01-31T12:00:00Z" } as never;
		expect(await failureOf({ credentials })).toMatchObject({
			code: "INVALID_OPTION",
			message: expect.stringContaining("(with a Date as expiration, if any)"),
		});
	});

	it("are not repeated where they are given as text", async () => {
		const error = await failureOf({ credentials: `AKIDEXAMPLE:${SECRET}` as never });
		expect(error).toMatchObject({ code: "INVALID_OPTION", option: "credentials" });
		expect(error.message).toMatch(
			/^credentials must be \{ accessKeyId, secretAccessKey \} \(.*\), or a function/,
		);
		expect(JSON.stringify({ ...error, message: error.message })).not.toContain(SECRET);
	});
});
