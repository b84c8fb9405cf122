import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { readSdkError } from "../../src/s3/errors/sdk-error.ts";
import { toStorageError } from "../../src/s3/errors/storage-errors.ts";
import { uploadZip } from "../../src/upload/upload-zip.ts";
import { BUCKET, DemoServer } from "../support/demo-server.ts";
import { startPlainServer } from "../support/plain-server.ts";
import { useTempDirectory } from "../support/temp-directory.ts";
import { zipNames } from "../support/zip-contents.ts";
import { errorLine, zipferry } from "./zipferry.ts";

const directory = useTempDirectory();
let server: DemoServer;
beforeAll(async () => {
	server = await DemoServer.start();
	for (const [name, value] of Object.entries(server.env)) vi.stubEnv(name, value);
});
afterAll(async () => {
	vi.unstubAllEnvs();
	await server?.close();
});
beforeEach(() => directory.write({ "src/__proto__": "alpha", "src/constructor/toString": "beta" }));

const run = (...args: readonly string[]) => zipferry(args, { env: server.env, cwd: directory.path() });

describe("names that JavaScript has a meaning for (E4, D11)", () => {
	it.each(["--__proto__", "--constructor", "--toString", "--__proto__.polluted", "--hasOwnProperty"])(
		"are no options: %s",
		async (option) => {
			const outcome = await run("upload", "src", "s3://demo/a.zip", option, "x");
			expect(outcome.exitCode).toBe(2);
			expect(errorLine(outcome)).toMatch(/^upload has no option -|^--/);
		},
	);

	it.each(["provider", "symlinks", "method", "transport", "hash"])(
		"are no choice of --%s",
		async (option) => {
			const outcome = await run("upload", "src", "s3://demo/a.zip", `--${option}`, "constructor");
			expect(outcome.exitCode).toBe(2);
			expect(errorLine(outcome)).toMatch(new RegExp(`^--${option} is one of `));
		},
	);

	it("are ordinary names of entries", async () => {
		expect(await run("upload", "src", "s3://demo/names.zip", "-q")).toMatchObject({ exitCode: 0 });
		expect(await zipNames((await server.get("names.zip")).bytes)).toEqual([
			"__proto__",
			"constructor/",
			"constructor/toString",
		]);
	});

	it("are ordinary names of metadata", async () => {
		const metadata = ["--metadata", "__proto__=x", "--metadata", "constructor=y"];
		expect(await run("upload", "src", "s3://demo/meta.zip", "-q", ...metadata)).toMatchObject({
			exitCode: 0,
		});
		const { Metadata = {} } = await server.get("meta.zip");
		expect(Object.entries(Metadata)).toContainEqual(["constructor", "y"]);
	});

	it("are refused as options of the library that come from JSON", async () => {
		const options = JSON.parse(
			`{"bucket":"${BUCKET}","key":"json.zip","__proto__":{"polluted":true,"noClobber":true}}`,
		);
		await expect(uploadZip([{ name: "a.txt", content: "alpha" }], options)).rejects.toThrow(
			"there is no option __proto__",
		);
		expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
		expect(await server.keys()).not.toContain("json.zip");
	});

	it.each([{ transport: "constructor" }, { provider: "__proto__" }, { hash: "toString" }])(
		"are no values of library options: %j",
		async (option) => {
			const options = { bucket: BUCKET, key: "choice.zip", ...option };
			// From JavaScript, where nobody checks types.
			const upload = uploadZip([{ name: "a", content: "" }], options as Parameters<typeof uploadZip>[1]);
			await expect(upload).rejects.toThrow();
			expect(await server.keys()).not.toContain("choice.zip");
		},
	);

	it.each(["__proto__", "constructor", "toString"])("mean nothing as the code of an answer: %s", (name) => {
		const error = Object.assign(new Error("no"), { name, $metadata: { httpStatusCode: 503 } });
		expect(readSdkError(error).repetitions).toBe(Number.POSITIVE_INFINITY);
		const told = toStorageError(error, "UploadPart", { bucket: "b", key: "k" });
		expect(String(told)).not.toMatch(/function|\[object|native code/);
	});
});

describe("what a server says (E15, E17)", () => {
	const EVIL = "\u001b]0;owned\u0007\u001b[2J\u009b31m\u202e";

	it("is escaped in every output for people, with --debug too", async () => {
		const evil = await startPlainServer((_, response) => {
			response.writeHead(403, { "content-type": "application/xml" });
			response.end(
				`<Error><Code>A${EVIL}</Code><Message>B${EVIL}\r\nzipferry: all is well</Message></Error>`,
			);
		});
		try {
			for (const args of [
				["uploads", "s3://demo"],
				["doctor", "s3://demo"],
				["upload", "src", "s3://demo/a.zip"],
			]) {
				for (const options of [[], ["--debug"]]) {
					const { exitCode, stdout, stderr } = await zipferry([...args, ...options], {
						env: { ...server.env, AWS_ENDPOINT_URL_S3: evil.url },
						cwd: directory.path(),
					});
					expect(exitCode).toBe(5);
					// biome-ignore lint/suspicious/noControlCharactersInRegex: they must not be there
					expect(stdout + stderr).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]/);
					expect(stdout + stderr).not.toMatch(/^zipferry: all is well/m);
				}
			}
		} finally {
			await evil.close();
		}
	});

	it.each([
		[
			"an answer",
			200,
			"<ListMultipartUploadsResult><__proto__>x</__proto__></ListMultipartUploadsResult>",
			6,
		],
		["a refusal", 403, "<Error><__proto__>x</__proto__><Code>AccessDenied</Code></Error>", 5],
		["a code with elements in it", 403, "<Error><Code><a/></Code></Error>", 5],
	])("is not read in the words of a parser that stumbles: %s", async (_, status, document, code) => {
		const odd = await startPlainServer((_request, response) => {
			response.writeHead(status, { "content-type": "application/xml" });
			response.end(document);
		});
		try {
			const outcome = await zipferry(["uploads", "s3://demo"], {
				env: { ...server.env, AWS_ENDPOINT_URL_S3: odd.url },
			});
			expect(outcome.exitCode).toBe(code);
			expect(outcome.stderr).toMatch(/the response is not one that an S3 storage gives$/m);
			expect(outcome.stderr).not.toMatch(/TypeError|Cannot read|not a function/);
		} finally {
			await odd.close();
		}
	});

	it("does not fill the screen with an id or a key of a megabyte", async () => {
		const long = "x".repeat(1024 * 1024);
		const odd = await startPlainServer((request, response) => {
			request.resume();
			const list = request.method === "GET";
			const upload = `<Upload><Key>k</Key><UploadId>${long}</UploadId></Upload>`;
			response.end(
				list
					? `<ListMultipartUploadsResult><Bucket>demo</Bucket>${upload}</ListMultipartUploadsResult>`
					: request.method === "POST"
						? `<InitiateMultipartUploadResult><UploadId>${long}</UploadId></InitiateMultipartUploadResult>`
						: "",
			);
		});
		await directory.write({ "big/a": Buffer.alloc(17 * 1024 * 1024, "noise") });
		try {
			for (const args of [
				["uploads", "s3://demo"],
				["upload", "big", "s3://demo/a.zip", "--method", "store", "--retry-time", "1s", "-q"],
			]) {
				const outcome = await zipferry(args, {
					env: { ...server.env, AWS_ENDPOINT_URL_S3: odd.url },
					cwd: directory.path(),
				});
				expect(outcome.exitCode).toBe(6);
				expect(outcome.stderr).toMatch(/the response has an upload id of 1048576 characters/);
				expect((outcome.stdout + outcome.stderr).length).toBeLessThan(2_000);
			}
		} finally {
			await odd.close();
		}
	});
});
