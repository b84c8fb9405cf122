import { readFile, writeFile } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { BUCKET, DemoServer } from "../../support/demo-server.ts";
import type { Outcome } from "../../support/program.ts";
import { useTempDirectory } from "../../support/temp-directory.ts";
import { errorLine, shell, zipferry } from "../zipferry.ts";

const directory = useTempDirectory();
let server: DemoServer;
beforeEach(async () => {
	server = await DemoServer.start();
	await directory.write({
		"src/a.txt": "alpha\n",
		"src/b.txt": "beta\n",
		"src/d/c.txt": "c",
		"src/l": { link: "a.txt" },
	});
	expect((await run(["create", "--method", "store", "src", "a.zip"])).exitCode).toBe(0);
});
afterEach(() => server.s3.close());

function run(args: readonly string[]): Promise<Outcome> {
	return zipferry(args, { env: server.env, cwd: directory.path() });
}
const cat = (...args: readonly string[]) => run(["cat", ...args]);

describe("zipferry cat", () => {
	it("writes the entries one after the other, in the order in which they are named", async () => {
		expect(await cat("a.zip", "b.txt", "a.txt")).toMatchObject({
			exitCode: 0,
			stdout: "beta\nalpha\n",
			stderr: "",
		});
	});

	it("gives the path that a symbolic link leads to", async () => {
		expect((await cat("a.zip", "l")).stdout).toBe("a.txt");
	});

	it("reads an object with one request for the directory and one for each entry", async () => {
		await directory.write({ "big/0.bin": "0".repeat(500_000), "big/1.txt": "one" });
		await run(["upload", "--method", "store", "big", `s3://${BUCKET}/a.zip`]);
		const before = server.s3.requests.length;
		expect((await cat(`s3://${BUCKET}/a.zip`, "1.txt")).stdout).toBe("one");
		expect(server.s3.requests.slice(before).map(({ operation }) => operation)).toEqual([
			"GetObject",
			"GetObject",
		]);
	});

	it.each([
		["an entry that is not there", ["a.txt", "nope"], /^a\.zip: has no entry "nope"$/],
		["a directory", ["d/"], /^a\.zip: the entry "d\/" is a directory$/],
	])("writes nothing and fails with 4 for %s", async (_what, names, message) => {
		const outcome = await cat("a.zip", ...names);
		expect(outcome).toMatchObject({ exitCode: 4, stdout: "" });
		expect(errorLine(outcome)).toMatch(message);
	});

	it("fails with 7 after the data if its checksum is wrong", async () => {
		const bytes = await readFile(directory.path("a.zip"));
		bytes[bytes.indexOf("alpha")] = 0x41;
		await writeFile(directory.path("a.zip"), bytes);
		const outcome = await cat("a.zip", "a.txt");
		expect(outcome).toMatchObject({ exitCode: 7, stdout: "Alpha\n" });
		expect(errorLine(outcome)).toMatch(/^a\.zip: the entry "a\.txt" .*CRC-32/);
	});

	it("writes data as it is, and says if it could not", async () => {
		const options = { env: server.env, cwd: directory.path() };
		expect(await shell("zipferry cat a.zip a.txt > /dev/full", options)).toMatchObject({
			exitCode: 10,
			stderr: expect.stringMatching(/no space left on device.*; the data is not complete\n$/),
		});
	});
});
