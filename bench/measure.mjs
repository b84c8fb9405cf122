import { spawn } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { output } from "./tools.mjs";

const GNU_TIME = ["/usr/bin/time", "gtime"].find((name) => output(name, "--version")?.includes("GNU"));
const PRELOAD = new URL("own-usage.mjs", import.meta.url).href;
const LONGEST_RUN_MS = 20 * 60_000;

/**
 * Runs a command as a whole process, with everything it starts.
 *
 * @param stdout - A path, or `"count"` to have the bytes counted.
 * @returns `wallMs`, `cpuMs` (user + system of all its processes), `rssKib` (peak of the largest of them),
 * `bytes` if counted, `failure` if it failed.
 */
export async function measure({ command, cwd }, { env, stdout }) {
	const scratch = mkdtempSync(join(tmpdir(), "zipferry-bench-run-"));
	const usage = join(scratch, "usage");
	const [program, ...args] = GNU_TIME === undefined ? withBash(command, usage) : withTime(command, usage);
	const counted = stdout === "count";
	const target = counted ? "pipe" : openSync(stdout, "w");
	const preload = GNU_TIME === undefined ? { NODE_OPTIONS: `--import=${PRELOAD}`, BENCH_USAGE: usage } : {};
	try {
		const startedAt = performance.now();
		const child = spawn(program, args, {
			cwd,
			env: { ...process.env, ...env, ...preload },
			stdio: ["ignore", target, "pipe"],
			timeout: LONGEST_RUN_MS,
		});
		let [bytes, messages] = [0, ""];
		child.stdout?.on("data", (chunk) => {
			bytes += chunk.byteLength;
		});
		child.stderr.on("data", (chunk) => {
			messages = (messages + chunk).slice(-4_000);
		});
		const code = await new Promise((resolve) => {
			child.on("close", (status, signal) => resolve(status ?? signal));
			child.on("error", (error) => resolve(error.message));
		});
		const wallMs = performance.now() - startedAt;
		if (code !== 0) return { failure: `exit ${code}: ${errorLine(messages)}` };
		return { wallMs, ...readUsage(usage), ...(counted && { bytes }) };
	} finally {
		if (!counted) closeSync(target);
		rmSync(scratch, { recursive: true });
	}
}

function errorLine(messages) {
	const lines = messages.trim().split("\n");
	return lines.find((line) => /error/i.test(line)) ?? lines.at(-1);
}

function withTime(command, usage) {
	return [GNU_TIME, "-o", usage, "-f", "%U %S %M", "--", ...command];
}

/** Without GNU time bash knows the CPU of everything, and Node processes tell their own memory. */
function withBash(command, usage) {
	const script = `TIMEFORMAT="%U %S"; { time "$@" 2>&3; } 3>&2 2>"$0.cpu"`;
	return ["bash", "-c", script, usage, ...command];
}

function readUsage(usage) {
	if (GNU_TIME === undefined) {
		const [user, system] = readFileSync(`${usage}.cpu`, "utf8").trim().split(" ").map(Number);
		return { cpuMs: (user + system) * 1000, rssKib: ownMemory(usage) };
	}
	const [user, system, rssKib] = readFileSync(usage, "utf8").trim().split("\n").at(-1).split(" ").map(Number);
	return { cpuMs: (user + system) * 1000, rssKib };
}

function ownMemory(usage) {
	try {
		return Number(readFileSync(usage, "utf8"));
	} catch {
		return undefined; // no Node process
	}
}
