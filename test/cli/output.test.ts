import { writeFile } from "node:fs/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { DemoServer } from "../support/demo-server.ts";
import type { ProgramOptions } from "../support/program.ts";
import { useTempDirectory } from "../support/temp-directory.ts";
import { errorLine, shell, zipferry } from "./zipferry.ts";

const directory = useTempDirectory();
let server: DemoServer;
let options: ProgramOptions;
beforeAll(async () => {
	server = await DemoServer.start();
});
afterAll(() => server?.close());
beforeEach(async () => {
	await directory.write({ "src/a.txt": "alpha", names: null });
	options = { env: server.env, cwd: directory.path() };
});

describe("a log that cannot be written", () => {
	it.each(["2> /dev/full", "2>&-", "2>&- >&-"])("does not stop an upload: %s", async (redirection) => {
		const { exitCode } = await shell(`zipferry upload src s3://demo/logless.zip ${redirection}`, options);
		expect(exitCode).toBe(0);
		expect(await server.keys()).toContain("logless.zip");
	});

	it.each(["2> /dev/full", "2>&-"])("leaves the exit code of a failure as it is: %s", async (redirection) => {
		const { exitCode } = await shell(`zipferry upload missing s3://demo/a.zip ${redirection}`, options);
		expect(exitCode).toBe(4);
	});
});

describe("names that nobody vouches for", () => {
	const EVIL = "evil\u001b[2J\u009b31m\r\n\u202egpj";
	const SHOWN = "evil\\x1b[2J\\x9b31m\\x0d\\x0a\\u{202e}gpj";

	it("are escaped in an error", async () => {
		const outcome = await zipferry(["upload", EVIL, "s3://demo/a.zip"], options);
		expect(errorLine(outcome)).toBe(`source ${SHOWN}: does not exist`);
	});

	it("are escaped in usage errors", async () => {
		const outcome = await zipferry(["upload", "src", "s3://demo/a.zip", `--${EVIL}`], options);
		expect(outcome.exitCode).toBe(2);
		expect(errorLine(outcome)).toContain("\\x1b[2J");
	});

	it("are escaped in warnings and in the result", async () => {
		const name = Buffer.concat([Buffer.from(`names/${EVIL}`), Buffer.from([0xff])]);
		await writeFile(directory.bytes(name), "");
		const outcome = await zipferry(["create", "names", `${EVIL}.zip`], options);
		expect(outcome.exitCode).toBe(0);
		const lines = outcome.stderr.trimEnd().split("\n");
		const result = lines.at(-1);
		const warning = lines.find((line) => line.includes("UTF-8"));
		expect(lines.every((line) => line === result || line.startsWith("warning: "))).toBe(true);
		expect(warning).toContain(`names/${SHOWN}`);
		expect(warning).toMatch(/^warning: .* is not UTF-8/);
		expect(result).toMatch(/^evil\\x1b/);
	});
});
