import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { DemoServer } from "../../support/demo-server.ts";
import { useTempDirectory } from "../../support/temp-directory.ts";
import { zipContents } from "../../support/zip-contents.ts";
import { errorLine, zipferry } from "../zipferry.ts";

const LIMIT = "2023-11-14T22:13:20Z";
const NOTE = `entries later than ${LIMIT} get that time, as SOURCE_DATE_EPOCH says\n`;

const directory = useTempDirectory();
let server: DemoServer;
beforeAll(async () => {
	server = await DemoServer.start();
});
afterAll(() => server?.close());
beforeEach(() => directory.write({ "src/a.txt": "alpha" }));

function run(epoch: string, ...args: readonly string[]) {
	return zipferry(args, { env: { ...server.env, SOURCE_DATE_EPOCH: epoch }, cwd: directory.path() });
}

const create = (epoch: string, ...more: readonly string[]) => run(epoch, "create", "src", "a.zip", ...more);

async function timeOf(archive: Uint8Array): Promise<string | undefined> {
	return (await zipContents(archive)).get("a.txt")?.mtime.toISOString();
}

describe("SOURCE_DATE_EPOCH", () => {
	it("is the latest time of entries, and is said once", async () => {
		const outcome = await create("1700000000");
		expect(outcome).toMatchObject({
			exitCode: 0,
			stderr: expect.stringMatching(new RegExp(`^${NOTE}a.zip: 1`)),
		});
		expect(await timeOf(await readFile(directory.path("a.zip")))).toBe("2023-11-14T22:13:20.000Z");
	});

	it("counts for upload", async () => {
		const outcome = await run("1700000000", "upload", "src", "s3://demo/a.zip", "--no-progress");
		expect(outcome).toMatchObject({ exitCode: 0, stderr: expect.stringContaining(NOTE) });
		expect(await timeOf((await server.get("a.zip")).bytes)).toBe("2023-11-14T22:13:20.000Z");
	});

	it.each([
		["create", ["create", "src", "a.zip"]],
		["create --dry-run", ["create", "src", "a.zip", "--dry-run"]],
		["upload", ["upload", "src", "s3://demo/a.zip"]],
		["upload --dry-run", ["upload", "src", "s3://demo/a.zip", "--dry-run"]],
	])("is in the output of %s --json, and --quiet says nothing", async (_, args) => {
		const { stdout, stderr } = await run("1700000000", ...args, "--json", "--quiet");
		expect(JSON.parse(stdout)).toMatchObject({ maxMtime: "2023-11-14T22:13:20.000Z" });
		expect(stderr).toBe("");
	});

	it.each([
		["an empty value", "", []],
		["a time that is given for all", "soon", ["--mtime", "2026-01-01"]],
	])("does not count with %s", async (_, epoch, more) => {
		const { exitCode, stdout, stderr } = await create(epoch, "--json", "--quiet", ...more);
		expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
		expect(JSON.parse(stdout)).not.toHaveProperty("maxMtime");
	});

	it.each(["0", "1", "315532800"])("before ZIP has times is its first time: %s", async (epoch) => {
		expect(await create(epoch, "-q")).toMatchObject({ exitCode: 0 });
		expect(await timeOf(await readFile(directory.path("a.zip")))).toBe("1980-01-01T00:00:00.000Z");
	});

	it.each(["soon", "-5", "1.5", " 1", "0x10", "2026-01-01", "1700000000000"])(
		"is refused if it is none: %j",
		async (epoch) => {
			const outcome = await create(epoch);
			expect(outcome).toMatchObject({ exitCode: 2, stdout: "" });
			expect(errorLine(outcome)).toBe(
				`SOURCE_DATE_EPOCH is whole seconds since 1970, until 2107, not "${epoch}"`,
			);
		},
	);

	it("is nothing to commands that make no archive", async () => {
		expect(await run("soon", "uploads", "s3://demo")).toMatchObject({ exitCode: 0 });
	});
});
