import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { slowness } from "../slowness.ts";
import type { FaultWorld } from "../world.ts";
import type { ReadingScenario } from "./reading-scenario.ts";
import { hashOf, type StoredArchive } from "./stored-archive.ts";

/** The program as it is installed; it is built first. */
const MAIN = fileURLToPath(new URL("../../../dist/cli/zipferry.cjs", import.meta.url));

/** How reading ended. */
export interface EndedReading {
	readonly exitCode: number;
	/** Empty if there was no error. */
	readonly message: string;
	/** Whether all bytes came, and were right. */
	readonly isRight: boolean;
	/** What must not be, however it ended. */
	readonly violations: readonly string[];
}

/** Lets a command read the two entries of an archive that have content. */
export async function readByCommand(
	command: "cat" | "extract",
	world: FaultWorld,
	{ contents, joined }: StoredArchive,
	{ isSlow = false }: ReadingScenario,
	signal: AbortSignal,
): Promise<EndedReading> {
	const target = await mkdtemp(join(tmpdir(), "zipferry-reading-"));
	try {
		const names = Object.keys(contents);
		const words = command === "cat" ? names : [...names, "--directory", target, "--no-progress"];
		const args = [command, world.target, ...words, ...times(isSlow)];
		const { exitCode, stdout, stderr } = await run(args, world.env, signal);
		const message = stderr.match(/^zipferry: (.*)$/m)?.[1] ?? "";
		if (command === "cat") return { exitCode, message, isRight: hashOf([stdout]) === joined, violations: [] };
		const found = await readdir(target);
		const violations: string[] = [];
		for (const name of found) {
			const hash = hashOf([await readFile(join(target, name))]);
			if (hash !== contents[name]) violations.push(`${name} is left, and is not whole`);
		}
		return { exitCode, message, isRight: found.length === names.length, violations };
	} finally {
		await rm(target, { recursive: true });
	}
}

function times(isSlow: boolean): readonly string[] {
	const scale = slowness();
	const [retryTime, timeout] = (isSlow ? [4_000, 2_500] : [60_000, 8_000]).map(
		(ms) => `${Math.round(ms * scale)}ms`,
	);
	return ["--retry-time", `${retryTime}`, "--read-timeout", `${timeout}`, "--connect-timeout", `${timeout}`];
}

async function run(args: readonly string[], env: Readonly<Record<string, string>>, signal: AbortSignal) {
	const child = spawn(process.execPath, [MAIN, ...args], {
		env: { ...env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true" },
		stdio: ["ignore", "pipe", "pipe"],
	});
	signal.addEventListener("abort", () => child.kill("SIGKILL"));
	const stdout: Buffer[] = [];
	const stderr: Buffer[] = [];
	child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
	child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
	const [code] = await once(child, "close");
	return { exitCode: Number(code), stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString() };
}
