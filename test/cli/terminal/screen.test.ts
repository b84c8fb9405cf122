import { randomBytes } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { BUCKET, DemoServer } from "../../support/demo-server.ts";
import { FaultSwitch } from "../../support/fault-switch.ts";
import { useTempDirectory } from "../../support/temp-directory.ts";
import { closeTerminals, Terminal } from "../../support/terminal.ts";
import { widthOf } from "../../support/terminal-screen.ts";
import { MAIN } from "../zipferry.ts";

const HANG = { hang: true } as const;
const MiB = 1024 * 1024;
/** Its end comes to stand in the line, and takes two columns a character. */
const WIDE_NAME = `${"写真🎉".repeat(9)}.bin`;

const directory = useTempDirectory();
let server: DemoServer;
let faults: FaultSwitch;

beforeEach(async () => {
	faults = new FaultSwitch();
	server = await DemoServer.start({ onRequest: faults.onRequest });
	await directory.write({ [`src/${WIDE_NAME}`]: randomBytes(20 * MiB) });
});
afterEach(async () => {
	await closeTerminals();
	await server.close();
});

const UPLOAD = ["upload", "src", `s3://${BUCKET}/a.zip`, "--part-size", "5M", "--concurrency", "1"];

function start(args: readonly string[], columns: number, env: Record<string, string> = {}): Terminal {
	const options = { columns, env: { ...server.env, ...env }, cwd: directory.path() };
	return new Terminal([process.execPath, MAIN, ...args], options);
}

/** The third part is never confirmed, so that half of it all is. */
function holdThirdPart(): void {
	faults.next = ({ operation, partNumber }) =>
		operation === "UploadPart" && (partNumber ?? 0) > 2 ? HANG : undefined;
}

describe("the progress of an upload on a terminal", () => {
	it.each([
		[80, /^█{10}░{10} 49% 10\.0 MiB \S+ (?:\S+ )?MiB\/s \S+ left \S+$/m],
		[40, /^█+░+ 49% (?:\S+ [KMG]iB )?\S+ [KMG]iB\/s \S+ left$/m],
		[20, /^█+░+ 49% \S+ left$/m],
		[12, /^█+░+ 49%$/m],
	])("shows in %d columns what the storage has confirmed, not what was read", async (columns, line) => {
		holdThirdPart();
		const terminal = start(UPLOAD, columns);
		const [shown] = await terminal.shows(line);
		expect(widthOf(shown) + "^C".length).toBeLessThan(columns);
	});

	it("stays below the lines about retries", async () => {
		faults.next = ({ operation, occurrence }) => {
			if (operation !== "UploadPart") return undefined;
			return occurrence === 2
				? { status: 503, code: "SlowDown", message: "" }
				: occurrence > 3
					? HANG
					: undefined;
		};
		const terminal = start(UPLOAD, 80);
		await terminal.shows(/^UploadPart failed: SlowDown; retrying in [\d.]+ s\n█+░+ 49% /m);
		expect(terminal.text.match(/%/g)).toHaveLength(1);
	});

	it("fits itself to a terminal that gets narrower and wider, and leaves no rests", async () => {
		holdThirdPart();
		const terminal = start(UPLOAD, 80);
		await terminal.shows(/49%/);
		for (const columns of [40, 20, 80, 30]) {
			terminal.resize(columns);
			const drawn = () => terminal.lines.filter((line) => /█|%|left/.test(line));
			await expect.poll(() => drawn().map((line) => widthOf(line) < columns)).toEqual([true]);
			expect(drawn()[0]).toMatch(/^█+░+ 49% .*left/);
		}
	});

	it.each([{ TERM: "dumb" }, { NO_COLOR: "1" }, { CI: "true" }])("moves no cursor with %o", async (env) => {
		const terminal = start(UPLOAD, 80, env);
		expect(await terminal.ended).toBe(0);
		expect(terminal.output).not.toContain("\x1b");
	});

	it("draws in ASCII where the terminal takes no UTF-8", async () => {
		holdThirdPart();
		await start(UPLOAD, 80, { LC_ALL: "C" }).shows(/^#{10}-{10} 49% /m);
	});
});

describe("a run on a terminal that is ended", () => {
	/** Uploads in part, and cannot be aborted. */
	async function stopped(): Promise<Terminal> {
		faults.next = ({ operation, partNumber }) =>
			operation === "AbortMultipartUpload" || (operation === "UploadPart" && partNumber === 3)
				? HANG
				: undefined;
		const terminal = start(UPLOAD, 300);
		await terminal.shows(/49%/);
		terminal.type("\x03");
		await terminal.shows(/^zipferry: stopping: aborting the upload \(Ctrl-C again to leave it\)$/m);
		return terminal;
	}

	it("says at once that the key was heard; the second key ends it, and names what may be left", async () => {
		const terminal = await stopped();
		terminal.type("\x03");
		expect(await terminal.ended).toBe(130);
		expect(terminal.lines.at(-2)).toMatch(
			/^(?:\^C)?zipferry: stopped at once; the incomplete upload (\S+) of s3:\/\/demo\/a.zip may be left behind; zipferry uploads --abort --upload-id \1 s3:\/\/demo\/a.zip removes it$/,
		);
		expect(terminal.lines.at(-1)).toBe("");
		expect(terminal.text).not.toContain("%");
	});

	it("says what could not be removed, and how", async () => {
		const terminal = await stopped();
		expect(await terminal.ended).toBe(130);
		expect(terminal.text).toMatch(
			/^zipferry: stopped by SIGINT; the incomplete upload (\S+) of s3:\/\/demo\/a.zip could not be removed and still takes space; zipferry uploads --abort --upload-id \1 s3:\/\/demo\/a.zip removes it$/m,
		);
	});

	it("by Ctrl-\\ takes the bar away and names what may be left", async () => {
		holdThirdPart();
		const terminal = start(UPLOAD, 300);
		await terminal.shows(/49%/);
		terminal.type("\x1c");
		expect(await terminal.ended).toBe(131);
		expect(terminal.text).toMatch(/zipferry: stopped at once; the incomplete upload \S+ of .* removes it$/);
		expect(terminal.text).not.toContain("%");
	});

	it("by an error that nobody has foreseen does so as well", async () => {
		await directory.write({
			"bug.cjs": `process.on("SIGUSR2", () => { throw new TypeError("of a bug"); })`,
			"pid.cjs": `require("fs").writeFileSync("pid", String(process.pid))`,
		});
		holdThirdPart();
		const preload = ["bug", "pid"].flatMap((name) => ["--require", directory.path(`${name}.cjs`)]);
		const options = { columns: 300, env: server.env, cwd: directory.path() };
		const terminal = new Terminal([process.execPath, ...preload, MAIN, ...UPLOAD], options);
		await terminal.shows(/49%/);
		process.kill(Number(await directory.read("pid")), "SIGUSR2");
		expect(await terminal.ended).toBe(1);
		expect(terminal.lines[0]).toBe("zipferry: unexpected error, please report it: of a bug");
		expect(terminal.text).toMatch(/the incomplete upload \S+ of .* may be left behind; .* removes it$/);
	});

	it("by Ctrl-Z gives the line to the shell, and draws again with fg", async () => {
		holdThirdPart();
		const options = { columns: 120, env: server.env, cwd: directory.path() };
		const terminal = new Terminal(["bash", "--norc", "--noediting", "-i"], options);
		await terminal.shows(/[$#]$/);
		terminal.type(`${[process.execPath, MAIN, ...UPLOAD].join(" ")}\r`);
		await terminal.shows(/49%/);
		terminal.type("\x1a");
		await terminal.shows(/Stopped.*\n(?:.*\n)*.*[$#]$/);
		expect(terminal.text).not.toContain("%");
		terminal.type("fg\r");
		await terminal.shows(/[$#] fg\n(?:.*\n)+█+░+ 49% /);
		terminal.type("\x03");
		await terminal.shows(
			/stopped by SIGINT; nothing was published and nothing of the upload is left\n.*[$#]$/,
		);
	});

	it("cannot be stopped for ever by Ctrl-Z where nobody could make it go on", async () => {
		const terminal = start(UPLOAD, 80);
		terminal.type("\x1a");
		expect(await terminal.ended).toBe(0);
	});
});
