import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { noise } from "../../support/bytes.ts";
import { BUCKET, DemoServer } from "../../support/demo-server.ts";
import type { Outcome } from "../../support/program.ts";
import { useTempDirectory } from "../../support/temp-directory.ts";
import { errorLine, zipferry } from "../zipferry.ts";

const PATIENCE = { timeout: 120_000 };
const directory = useTempDirectory();
let server: DemoServer;
let other: DemoServer;
beforeAll(async () => {
	[server, other] = await Promise.all([DemoServer.start(), DemoServer.start()]);
	await server.put("in/a.txt", "alpha");
	await server.put("in/day=1/b.txt", "beta");
	await other.put("old/c.txt", "gamma");
});
afterAll(() => Promise.all([server?.close(), other?.close()]));

function run(...args: readonly string[]): Promise<Outcome> {
	return zipferry(args, { env: server.env, cwd: directory.path() });
}

async function namesIn(archive: string): Promise<readonly string[]> {
	const { stdout } = await run("ls", "-q", archive);
	return stdout.split("\n").filter((line) => line !== "");
}

describe("sources that are not on this machine", PATIENCE, () => {
	it("are named by addresses in front of the target, which comes last", async () => {
		const made = await run("upload", "-q", `s3://${BUCKET}/in/`, `s3://${BUCKET}/made.zip`);
		expect(made).toMatchObject({ exitCode: 0, stderr: "" });
		expect(await namesIn(`s3://${BUCKET}/made.zip`)).toEqual(["a.txt", "day=1/b.txt"]);
		const part = `x=s3://${BUCKET}/made.zip!/day=1`;
		expect(await run("create", "-q", part, `s3://${BUCKET}/in/day=1/`, "two.zip")).toMatchObject({
			exitCode: 0,
		});
		expect(await namesIn("two.zip")).toEqual(["x/b.txt", "day=1/b.txt"]);
		expect(await run("create", "-q", "two.zip!/x", "three.zip")).toMatchObject({ exitCode: 0 });
		expect(await namesIn("three.zip")).toEqual(["x/b.txt"]);
	});

	it("may be in another storage than the target", async () => {
		const made = await run(
			...["upload", "-q", `s3://${BUCKET}/old/`, `s3://${BUCKET}/other.zip`],
			...["--source-endpoint-url", other.s3.endpoint, "--source-region", other.s3.region],
		);
		expect(made).toMatchObject({ exitCode: 0, stderr: "" });
		expect(await namesIn(`s3://${BUCKET}/other.zip`)).toEqual(["c.txt"]);
	});

	it("are copied by the storage if they are large and in it, which --dry-run foresees", {
		tags: "slow",
	}, async () => {
		await server.put("large/a.bin", noise(12 * 1024 ** 2, 1));
		await server.put("large/b.txt", "small");
		const args = [
			"--method",
			"store",
			"--provider",
			"aws",
			`s3://${BUCKET}/large/`,
			`s3://${BUCKET}/copied.zip`,
		];
		const copied = { copiedEntryCount: 1, copiedSize: 7 * 1024 ** 2 };
		const planned = await run("upload", "--dry-run", "--json", ...args);
		expect(JSON.parse(planned.stdout)).toMatchObject({ ...copied, copiedPartCount: 2, exact: true });
		const made = await run("upload", "--json", ...args);
		expect(JSON.parse(made.stdout)).toMatchObject({
			...copied,
			copiedChecksums: { head: 1, parts: 0, copies: 0, read: 0 },
		});
		expect(JSON.parse(made.stdout)).not.toHaveProperty("md5");
		const { stderr } = await run("upload", ...args);
		expect(stderr).toContain("1 object (7.00 MiB) copied by the storage");
		expect(await run("verify", `s3://${BUCKET}/copied.zip`)).toMatchObject({ exitCode: 0 });
	});

	it("are counted by --dry-run, which sends nothing", async () => {
		const { stdout } = await run(
			"upload",
			"--dry-run",
			"--json",
			`s3://${BUCKET}/in`,
			`s3://${BUCKET}/d.zip`,
		);
		expect(JSON.parse(stdout)).toMatchObject({ entryCount: 2, sourceSize: 9 });
		expect(await server.keys()).not.toContain("d.zip");
	});

	it("that are not there fail with 4, or are left out with 3", async () => {
		const none = `s3://${BUCKET}/none/`;
		const failed = await run("create", "-q", none, "none.zip");
		expect(failed.exitCode).toBe(4);
		expect(errorLine(failed)).toBe(`there are no objects below ${none}`);
		const without = await run("create", "-q", "--skip-missing", none, `s3://${BUCKET}/in/`, "some.zip");
		expect(without).toMatchObject({ exitCode: 3 });
		expect(await namesIn("some.zip")).toEqual(["in/a.txt", "in/day=1/b.txt"]);
	});

	it("in another region are told with the option that is theirs", async () => {
		const upload = ["upload", `s3://${BUCKET}/in/`, `s3://${BUCKET}/r.zip`];
		const apart = await run(...upload, "--source-region", "eu-west-1");
		expect(apart.exitCode).toBe(5);
		expect(errorLine(apart)).toMatch(/; use --source-region us-east-1$/);
		const shared = await run(...upload, "--region", "eu-west-1");
		expect(shared.exitCode).toBe(5);
		expect(errorLine(shared)).toMatch(/; use --region us-east-1$/);
	});

	it.each([
		[["upload", `s3://${BUCKET}/made.zip`], "<source..> and <s3-url> are needed: "],
		[["upload", `s3://${BUCKET}/in/`, "x.zip"], 'the target comes last, and "x.zip" is no s3:// address'],
		[
			["verify", "--against", `s3://${BUCKET}/in/`, "x.zip"],
			"--against must be the path of a directory on this",
		],
		[
			["extract", "x.zip", "-C", "https://host/x"],
			"extract writes into a directory or a bucket, not to https",
		],
	])("are refused where they make no sense: %j", async (args, message) => {
		const outcome = await run(...args);
		expect(outcome.exitCode).toBe(2);
		expect(errorLine(outcome)).toContain(message);
	});
});
