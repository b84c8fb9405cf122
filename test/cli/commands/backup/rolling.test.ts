import { utimes } from "node:fs/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { noise } from "../../../support/bytes.ts";
import { BUCKET, DemoServer } from "../../../support/demo-server.ts";
import { stopPrograms } from "../../../support/program.ts";
import { useTempDirectory } from "../../../support/temp-directory.ts";
import { errorLine, zipferry } from "../../zipferry.ts";

const SIZE = 6 * 1024 ** 2;
const TEMPLATE = `s3://${BUCKET}/job/%Y-%m-%dT%H-%M-%SZ.zip`;

const directory = useTempDirectory();
let server: DemoServer;
beforeAll(async () => {
	server = await DemoServer.start();
});
afterAll(() => server?.close());
afterEach(stopPrograms);

const options = () => ({ env: { ...server.env, ...server.storage }, cwd: directory.path() });
const backup = (...args: readonly string[]) =>
	zipferry(["backup", "src", TEMPLATE, "--rolling", "--method", "store", ...args], options());

/** Puts off for more than three seconds, to the beginning of one: what has changed right before an archive counts as changed. */
async function later(): Promise<void> {
	await new Promise((resolve) => setTimeout(resolve, 4_050 - (Date.now() % 1_000)));
}

describe("zipferry backup --rolling", () => {
	it("says what it copies and sends, before and after, and what of that is listed", {
		tags: "slow",
	}, async () => {
		await directory.write({ "src/large.bin": noise(SIZE, 1), "src/small.txt": "small" });
		await utimes(directory.path("src/large.bin"), 1e9, 1e9);
		await later();
		const first = await backup();
		expect(first).toMatchObject({ exitCode: 0 });
		expect(first.stderr).toContain(
			`there is no archive of ${TEMPLATE} yet; all of the archive is made and sent\n`,
		);
		expect((await zipferry(["backups", TEMPLATE], options())).stdout).not.toContain("FULL");
		await directory.write({ "src/small.txt": "smaller" });
		await later();
		const [base = ""] = (await server.keys()).filter((key) => key.endsWith(".zip"));
		const planned = await backup("--dry-run");
		expect(planned.stdout).toMatch(new RegExp(`^base +s3://${BUCKET}/${base}$`, "m"));
		expect(planned.stdout).toMatch(/^copied +1 entry, 6\.\d+ MiB/m);
		const due = await backup("--dry-run", "--full-every", "1h");
		expect(due.stdout).toMatch(new RegExp(`^base +s3://${BUCKET}/${base}$`, "m"));
		const second = await backup("--full-every", "30d");
		expect(second).toMatchObject({ exitCode: 0 });
		expect(second.stderr).toMatch(
			/: 2 entries, 6\.\d+ MiB in 0:\d\d, copied 1 entry \(6\.\d+ MiB\), sent \d+ B, structure verified\n$/,
		);
		const listed = await zipferry(["backups", TEMPLATE], options());
		const day = new Date().toISOString().slice(0, 10);
		expect(listed.stdout).toMatch(/^TIME .* FULL +VERIFIED/);
		expect(listed.stdout.split("\n")[1]).toMatch(new RegExp(` ${day} +${day} `));
		const [row] = JSON.parse((await zipferry(["backups", TEMPLATE, "--json"], options())).stdout);
		expect(row).toMatchObject({ base, fullStartedAt: expect.stringContaining("T") });
	});

	it.each([
		[
			["--transport", "lib-storage"],
			"--transport lib-storage cannot copy; leave out --rolling or --transport",
		],
		[["--full-every", "monthly"], "--full-every must be a span such as 30d"],
	])("refuses %j", async (args, message) => {
		const outcome = await backup(...args);
		expect(outcome.exitCode).toBe(2);
		expect(errorLine(outcome)).toContain(message);
	});

	it.each([
		"--full-every=30d",
		"--base-check=content",
		"--ignore-ctime",
		"--join-runs",
		"--verify-sample=5%",
	])("is needed by %s, which would do nothing", async (option) => {
		const outcome = await zipferry(["backup", "src", TEMPLATE, option], options());
		expect(outcome.exitCode).toBe(2);
		expect(errorLine(outcome)).toContain("--rolling");
	});
});
