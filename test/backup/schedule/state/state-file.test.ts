import { execFileSync } from "node:child_process";
import { mkdir, readdir, readFile, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { describe, expect, it } from "vitest";
import { stateFile } from "../../../../src/backup/schedule/state/state-file.ts";
import { statePath } from "../../../../src/backup/schedule/state/state-path.ts";
import { DestinationError } from "../../../../src/errors.ts";
import { useTempDirectory } from "../../../support/temp-directory.ts";

const directory = useTempDirectory();

const job = {
	cron: "0 2 * * *",
	timeZone: "UTC",
	handledUpTo: "2026-06-01T02:00:00.000Z",
	running: { due: "2026-06-01T02:00:00.000Z", startedAt: "2026-06-01T02:00:00.123Z", repeated: false },
	lastRun: {
		due: "2026-06-01T02:00:00.000Z",
		startedAt: "2026-06-01T02:00:00.123Z",
		endedAt: "2026-06-01T02:00:00.123Z",
		status: "failure" as const,
		exitCode: 5,
		error: { code: "NETWORK", message: "no" },
	},
};

describe("the state of a schedule", () => {
	it("takes the place of no pipe, and waits for none", async () => {
		const path = directory.path("pipe");
		execFileSync("mkfifo", [path]);
		await expect(stateFile(path).read()).rejects.toThrow("it is a FIFO");
		await expect(stateFile(path).write({ version: 1, jobs: {} })).rejects.toThrow(DestinationError);
		expect((await stat(path)).isFIFO()).toBe(true);
	});

	it("is read as it was written, and nothing else is left in its directory", async () => {
		const path = directory.path("a/b/state.json");
		const file = stateFile(path);
		expect(await file.read()).toBeUndefined();
		const states = Array.from({ length: 20 }, (_, at) => ({
			version: 1 as const,
			jobs: { [`job ${at}`]: job },
		}));
		await Promise.all(states.map((state) => file.write(state)));
		expect(await stateFile(path).read()).toEqual({ version: 1, jobs: { "job 19": job } });
		expect(await readdir(dirname(path))).toEqual(["state.json"]);
		expect((await stat(path)).mode & 0o077).toBe(0);
	});

	it.each([
		["{", "is no state of a schedule"],
		['{"version":2,"jobs":{}}', "is no state of a schedule"],
		['{"version":1,"jobs":{"a":{"cron":"* * * * *","timeZone":"UTC","handledUpTo":"soon"}}}', "is no state"],
	])("is refused if it makes no sense: %s", async (text, message) => {
		await directory.write({ "state.json": text });
		await expect(stateFile(directory.path("state.json")).read()).rejects.toThrow(message);
	});

	it("that cannot be written says where, and leaves what was there", async () => {
		await mkdir(directory.path("taken/state.json"), { recursive: true });
		const file = stateFile(directory.path("taken/state.json"));
		await expect(file.write({ version: 1, jobs: {} })).rejects.toThrow(DestinationError);
		await expect(file.write({ version: 1, jobs: {} })).rejects.toThrow("taken/state.json");
		expect(await readdir(directory.path("taken"))).toEqual(["state.json"]);
		await directory.write({ file: "as it was" });
		await expect(
			stateFile(directory.path("file/state.json")).write({ version: 1, jobs: {} }),
		).rejects.toThrow();
		expect(await readFile(directory.path("file"), "utf8")).toBe("as it was");
	});
});

describe("the path of the state", () => {
	it("is in the state directory of the service, of the user, or below home", () => {
		const path = (env: NodeJS.ProcessEnv) => statePath("/etc/zipferry.config.yaml", [], env, "/home/anna");
		expect(path({})).toMatch(/^\/home\/anna\/\.local\/state\/zipferry\/schedule-[0-9a-f]{12}\.json$/);
		expect(path({ XDG_STATE_HOME: "/state" })).toMatch(/^\/state\/zipferry\/schedule-/);
		expect(path({ XDG_STATE_HOME: "state" })).toMatch(/^\/home\/anna\/\.local\/state\//);
		expect(path({ STATE_DIRECTORY: "/var/lib/zipferry:/var/lib/b", XDG_STATE_HOME: "/state" })).toMatch(
			/^\/var\/lib\/zipferry\/schedule-/,
		);
	});

	it("is another one for another config, and for other jobs of it", () => {
		const path = (config: string, ...jobs: readonly string[]) => statePath(config, jobs, {}, "/home/anna");
		expect(path("/a", "x", "y")).toBe(path("/a", "y", "x"));
		expect(new Set([path("/a"), path("/b"), path("/a", "x"), path("/a", "x", "y")]).size).toBe(4);
	});
});
