import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { DemoServer } from "../support/demo-server.ts";
import { type Outcome, Program, stopPrograms } from "../support/program.ts";
import { useTempDirectory } from "../support/temp-directory.ts";

const PROJECT = fileURLToPath(new URL("../..", import.meta.url));

/** Room for slow machines; nothing here waits for a clock. */
const PATIENCE = { timeout: 120_000 };
/** `examples.test.ts` has the quick look at what each of them does. */
const SLOW = { tags: "slow" };
/** Caches of the tools that run the examples, and what other tests build. */
const NOT_THEIRS = /^(?:tsx-|node-compile-cache|\.npm|\.cache|\.tmp|dist)/;

const directory = useTempDirectory();
let server: DemoServer;
beforeAll(async () => {
	server = await DemoServer.start();
});
afterAll(() => server?.close());
afterEach(stopPrograms);

/** The lines of the table in examples/README.md. */
async function linesToType(): Promise<string[]> {
	const page = await readFile(`${PROJECT}examples/README.md`, "utf8");
	return [...page.matchAll(/^\|.*\| `([^`]+)` \|$/gm)].map(([, line = ""]) => line);
}

/** Starts a line as a reader types it, with what `npm run localstack` tells to export and nothing more. */
function type(line: string): Program {
	const { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: _, ...env } = server.env;
	const own = {
		HOME: directory.path(),
		TMPDIR: directory.path(),
		PORT: "0",
		npm_config_offline: "true",
	};
	return new Program("sh", ["-c", line], { env: { ...env, ...own }, cwd: PROJECT });
}

/** What is there besides caches. */
async function namesThere(): Promise<string[]> {
	const folders = [PROJECT, `${PROJECT}examples`, directory.path()];
	const names = await Promise.all(folders.map(async (folder) => readdir(folder)));
	return names.flat().filter((name) => !NOT_THEIRS.test(name));
}

function expectNoNotice({ stderr, stdout }: Outcome): void {
	expect(stderr + stdout).not.toMatch(/NodeVersionSupportWarning|ExperimentalWarning|DeprecationWarning/);
}

/** Examples that serve until they are stopped, and what they have: of the sources that another example uploads. */
const SERVED = [
	["http-download", "/examples.zip"],
	["downloads/photo-share", "/k3v9tq7xw2/download"],
	["downloads/", "/examples.zip"],
	["serve-entries", "/index.ts"],
] as const;

function serves(line: string): boolean {
	return SERVED.some(([name]) => line.includes(name));
}

/** Not to be typed: other programs call them. */
const HANDLERS = /^(?:next|lambda)-/;

describe("examples, as examples/README.md says to type them", PATIENCE, async () => {
	const lines = await linesToType();
	// It builds anew, which other tests must not see, and has a step of its own in CI.
	const ending = lines.filter((line) => line !== "npm start" && !serves(line));

	it("are all there", async () => {
		const folder = `${PROJECT}examples`;
		const downloads = (await readdir(`${folder}/downloads`)).filter((name) => !HANDLERS.test(name));
		const all = [...(await readdir(folder)), ...downloads.map((name) => `downloads/${name}`)];
		const names = all.filter((name) => /\.(?:ts|sh)$/.test(name));
		expect(names.length).toBeGreaterThan(11);
		expect(names.filter((name) => !lines.some((line) => line.includes(`examples/${name}`)))).toEqual([]);
		expect(lines).toContain("npm start");
	});

	it.each(ending)("%s: succeeds, shows no notice and leaves no file", SLOW, async (line) => {
		const before = await namesThere();
		const outcome = await type(line).ended;
		expect(outcome).toMatchObject({ exitCode: 0, signal: null });
		expectNoNotice(outcome);
		expect(await namesThere()).toEqual(before);
	});

	it.each(lines.filter(serves))("%s: serves until it is stopped", SLOW, async (line) => {
		const program = type(`exec ${line.replace("npx tsx", `"${process.execPath}" --import tsx`)}`);
		const [, origin = ""] = await program.says(/^(http:\S+)\/(?:NAME|SECRET)/);
		const [, path] = SERVED.find(([name]) => line.includes(name)) ?? [];
		const response = await fetch(`${origin}${path}`);
		expect([response.status, (await response.arrayBuffer()).byteLength > 1000]).toEqual([200, true]);
		program.kill("SIGINT");
		expectNoNotice(await program.ended);
	});
});
