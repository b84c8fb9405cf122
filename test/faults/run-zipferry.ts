import { setTimeout as delay } from "node:timers/promises";
import { streamSink } from "../../src/cli/output/byte-sink.ts";
import { Stdout } from "../../src/cli/output/stdout.ts";
import { run } from "../../src/cli/run.ts";
import type { TestArchive } from "./archive.ts";
import { CapturedStream } from "./captured-stream.ts";
import type { Ended } from "./observe.ts";
import { slowness } from "./slowness.ts";
import type { FaultWorld } from "./world.ts";

/** Times that make a bad day pass in seconds. */
export const shortTimes = () => timesWith(4_000, 1_500);
/** For faults that pass: a machine that is busy is not to be taken for one that fails. */
export const patientTimes = () => timesWith(30_000, 2_500);

export function timesWith(retryTimeMs: number, timeoutMs: number): readonly string[] {
	const scale = slowness();
	const [retryTime, timeout] = [retryTimeMs, timeoutMs].map((time) => `${Math.round(time * scale)}ms`);
	return ["--retry-time", `${retryTime}`, "--read-timeout", `${timeout}`, "--connect-timeout", `${timeout}`];
}

/** Arguments of an upload to the world, by the shortest times and the smallest parts. */
export function uploadArguments(
	world: FaultWorld,
	archive: TestArchive,
	times: readonly string[] = shortTimes(),
	target: string = world.target,
): string[] {
	return [
		"upload",
		archive.directory,
		target,
		"--endpoint-url",
		world.endpoint,
		...(world.caFile === undefined ? [] : ["--ca-file", world.caFile]),
		"--part-size",
		"5M",
		"--concurrency",
		"3",
		"--no-progress",
		"--json",
		...times,
	];
}

/** The command line program, in this process; it ends by its own doing or counts as hung. */
export async function runZipferry(
	args: readonly string[],
	limitMs: number,
	signal: AbortSignal = new AbortController().signal,
): Promise<Ended> {
	const stdout = new CapturedStream();
	const stderr = new CapturedStream();
	const ended = run(args, {
		stdout: new Stdout(streamSink(stdout, false), false, signal),
		stderr: stderr.asOutput(),
		signal,
		mayLeave() {},
		onHangup: () => () => {},
	});
	const timeout = new AbortController();
	const tooLate = delay(limitMs, undefined, { signal: timeout.signal }).catch(() => undefined);
	const exitCode = await Promise.race([ended, tooLate]);
	timeout.abort();
	return { exitCode, stdout: stdout.text, stderr: stderr.text };
}

/** Credentials come from the environment only, so that no test can hand them over otherwise. */
export function useCredentials(world: FaultWorld): void {
	const { AWS_ENDPOINT_URL_S3: _, ...env } = world.env;
	Object.assign(process.env, env);
}
