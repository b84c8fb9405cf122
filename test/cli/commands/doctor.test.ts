import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { FaultHook } from "../../../localstack/strict-s3/local-s3.ts";
import { BUCKET, DemoServer } from "../../support/demo-server.ts";
import { stopPrograms } from "../../support/program.ts";
import { errorLine, startZipferry, zipferry } from "../zipferry.ts";

let server: DemoServer;
let fault: FaultHook;
beforeEach(async () => {
	fault = () => undefined;
	server = await DemoServer.start({ onRequest: (request) => fault(request) });
});
afterEach(async () => {
	await stopPrograms();
	await server.close();
});

const doctor = (url: string, env: Readonly<Record<string, string>> = {}, ...args: readonly string[]) =>
	zipferry(["doctor", url, ...args], { env: { ...server.env, ...env } });

/** The findings by name: how it is, and what is said. */
function findings(stdout: string): Map<string, { status: string; text: string }> {
	const rows = stdout.trimEnd().split("\n");
	return new Map(
		rows.map((row) => {
			const [, status = "", name = "", text = ""] = /^(\w+) {2}(.{25}) (.*)$/.exec(row) ?? [];
			return [name.trim(), { status, text }];
		}),
	);
}

async function expectNothingLeft(): Promise<void> {
	fault = () => undefined;
	expect(await server.keys()).toEqual([]);
	expect(await server.incompleteUploads()).toEqual([]);
}

const refuse =
	(...operations: readonly string[]): FaultHook =>
	({ operation }) =>
		operations.includes(operation) ? { status: 403, code: "AccessDenied", message: "not you" } : undefined;

describe("zipferry doctor", () => {
	it("has one line for each check, and leaves nothing in the bucket", async () => {
		const { exitCode, stdout, stderr } = await doctor(`s3://${BUCKET}/backups/`);
		expect(exitCode).toBe(0);
		expect(stderr).toBe("31 passed, 1 to look at, 0 failed\n");
		const found = findings(stdout);
		expect([...found].map(([name, { status }]) => `${status} ${name}`)).toEqual([
			"pass endpoint",
			"pass credentials",
			"pass connection",
			"pass clock",
			"pass bucket",
			"pass latency",
			"warn lifecycle",
			"pass versioning",
			"pass object lock",
			"pass PutObject",
			"pass HeadObject",
			"pass GetObject",
			"pass If-None-Match on put",
			"pass If-Match on put",
			"pass Content-MD5",
			"pass checksum headers",
			"pass CreateMultipartUpload",
			"pass UploadPart",
			"pass ListParts",
			"pass ListMultipartUploads",
			"pass If-None-Match on complete",
			"pass CompleteMultipartUpload",
			"pass multipart ETag",
			"pass AbortMultipartUpload",
			"pass UploadPartCopy",
			"pass copy condition",
			"pass copy checksum",
			"pass copied part sizes",
			"pass part sizes",
			"pass part number gaps",
			"pass DeleteObject",
			"pass clearing up",
		]);
		expect(found.get("credentials")?.text).toBe("from the environment, access key …ocal");
		expect(found.get("lifecycle")?.text).toContain(`put-bucket-lifecycle-configuration --endpoint-url`);
		expect(found.get("clearing up")?.text).toMatch(
			/^nothing is left of s3:\/\/demo\/backups\/zipferry-doctor-/,
		);
		await expectNothingLeft();
		const keys = new Set(server.s3.requests.map(({ key }) => key).filter((key) => key !== ""));
		expect(keys.size).toBe(1);
	});

	it("prints one line of JSON with --json", async () => {
		const { exitCode, stdout, stderr } = await doctor(`s3://${BUCKET}`, {}, "--json");
		expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
		expect(stdout).toMatch(/^[^\n]+\n$/);
		const { findings: found, ...rest } = JSON.parse(stdout);
		expect(rest).toEqual({ bucket: BUCKET, prefix: "", passedCount: 31, warningCount: 1, failedCount: 0 });
		expect(found).toContainEqual({
			name: "credentials",
			status: "pass",
			message: "from the environment, access key …ocal",
			facts: { source: "the environment", accessKeyEnd: "ocal" },
		});
	});

	it("finds the same with the checksums of AWS", async () => {
		const { exitCode, stdout } = await doctor(`s3://${BUCKET}`, {}, "--provider", "aws");
		expect(exitCode).toBe(0);
		expect(findings(stdout).get("checksum headers")?.text).toMatch(/^a wrong CRC-32 is refused/);
		expect(stdout.match(/^warn/gm)).toHaveLength(1);
	});

	it("ends with a wrong secret, says so, and exits with 5", async () => {
		const secret = "another-secret-nobody-may-see";
		const { exitCode, stdout, stderr } = await doctor(`s3://${BUCKET}`, { AWS_SECRET_ACCESS_KEY: secret });
		expect(exitCode).toBe(5);
		expect(findings(stdout).get("bucket")).toMatchObject({
			status: "fail",
			text: expect.stringMatching(/SignatureDoesNotMatch.*check AWS_SECRET_ACCESS_KEY/),
		});
		expect(stderr).toBe("4 passed, 0 to look at, 1 failed; the rest was not tried\n");
		expect(stdout).not.toContain(secret);
	});

	it("ends without credentials, and exits with 5", async () => {
		const { exitCode, stdout } = await doctor(`s3://${BUCKET}`, {
			AWS_ACCESS_KEY_ID: "",
			AWS_SECRET_ACCESS_KEY: "",
			HOME: "/nonexistent",
		});
		expect(exitCode).toBe(5);
		expect(stdout).toMatch(/^fail {2}credentials +no credentials found/m);
	});

	it("ends with a bucket that is not there, and exits with 5", async () => {
		const { exitCode, stdout } = await doctor("s3://missing-bucket");
		expect(exitCode).toBe(5);
		expect(stdout).toMatch(/^fail {2}bucket +"missing-bucket" does not exist there: create it first$/m);
	});

	it("ends where nobody listens, and exits with 6", async () => {
		const { exitCode, stdout } = await doctor(`s3://${BUCKET}`, {}, "--endpoint-url", "http://127.0.0.1:1");
		expect(exitCode).toBe(6);
		expect(stdout).toMatch(/^fail {2}connection +cannot reach the storage .*ECONNREFUSED/m);
	});

	it("names the permission that is missing, and goes on", async () => {
		fault = refuse("CreateMultipartUpload");
		const { exitCode, stdout } = await doctor(`s3://${BUCKET}/p/`);
		expect(exitCode).toBe(5);
		const found = findings(stdout);
		expect(found.get("CreateMultipartUpload")).toMatchObject({
			status: "fail",
			text: expect.stringMatching(/AccessDenied.*: allow s3:PutObject on arn:aws:s3:::demo\/p\/\*$/),
		});
		expect(found.get("UploadPart")).toEqual({
			status: "warn",
			text: "not tried: it needs CreateMultipartUpload",
		});
		expect(found.get("DeleteObject")?.status).toBe("pass");
		await expectNothingLeft();
	});

	it("only warns of permissions that uploads can do without, and of settings it may not see", async () => {
		fault = refuse(
			"ListMultipartUploads",
			"ListParts",
			"GetBucketLifecycleConfiguration",
			"GetBucketVersioning",
		);
		const { exitCode, stdout } = await doctor(`s3://${BUCKET}`);
		expect(exitCode).toBe(0);
		const found = findings(stdout);
		for (const name of ["ListMultipartUploads", "ListParts", "lifecycle", "versioning"]) {
			expect(found.get(name)?.status).toBe("warn");
		}
		expect(found.get("lifecycle")?.text).toMatch(/^unknown whether .*allow s3:GetLifecycleConfiguration/);
		await expectNothingLeft();
	});

	it("says what it could not remove, when it may put but not delete", async () => {
		fault = refuse("DeleteObject");
		const { exitCode, stdout } = await doctor(`s3://${BUCKET}`);
		expect(exitCode).toBe(0);
		expect(findings(stdout).get("DeleteObject")?.status).toBe("warn");
		expect(findings(stdout).get("clearing up")?.text).toMatch(
			/^left behind at s3:\/\/demo\/zipferry-doctor-\w+: the object: remove it with other credentials$/,
		);
	});

	it.each(["GetObject", "UploadPart", "CompleteMultipartUpload"])(
		"removes everything when it is stopped at %s",
		async (stoppedAt) => {
			let reach = () => {};
			const reached = new Promise<void>((resolve) => {
				reach = resolve;
			});
			fault = ({ operation }) => {
				if (operation !== stoppedAt) return undefined;
				reach();
				return { hang: true };
			};
			const program = startZipferry(["doctor", `s3://${BUCKET}`], { env: server.env });
			await reached;
			program.kill("SIGINT");
			const outcome = await program.ended;
			expect(outcome.exitCode).toBe(130);
			expect(errorLine(outcome)).toBe("stopped by SIGINT; the trial objects were removed");
			await expectNothingLeft();
		},
	);

	it("ends at once by a second signal, and names what it leaves", async () => {
		let reach = () => {};
		const reached = new Promise<void>((resolve) => {
			reach = resolve;
		});
		fault = ({ operation }) => {
			if (operation !== "DeleteObject") return operation === "GetObject" ? { hang: true } : undefined;
			reach();
			return { hang: true };
		};
		const program = startZipferry(["doctor", `s3://${BUCKET}`], { env: server.env });
		await program.says(/HeadObject/);
		program.kill("SIGINT");
		await reached;
		program.kill("SIGINT");
		const outcome = await program.ended;
		expect(outcome.exitCode).toBe(130);
		expect(errorLine(outcome)).toMatch(
			/^stopped at once; the trial object s3:\/\/demo\/zipferry-doctor-\w+ may be left behind$/,
		);
	});

	it("removes an upload whose id got lost with the answer", async () => {
		fault = ({ operation, occurrence }) =>
			operation === "CreateMultipartUpload" && occurrence === 1 ? { loseAnswer: true } : undefined;
		const { exitCode } = await doctor(`s3://${BUCKET}`);
		expect(exitCode).toBe(0);
		await expectNothingLeft();
	});
});
