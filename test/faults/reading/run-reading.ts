import { setTimeout as delay } from "node:timers/promises";
import { exitCodeOf } from "../../../src/cli/exit-codes.ts";
import { type ArchiveEntry, openArchive } from "../../../src/index.ts";
import { slowness } from "../slowness.ts";
import { FaultWorld, KEY } from "../world.ts";
import { type EndedReading, readByCommand } from "./read-by-command.ts";
import type { ReadingScenario } from "./reading-scenario.ts";
import { hashOf, type StoredArchive } from "./stored-archive.ts";

/** Longer than retries are made. */
const LIMIT_MS = 150_000;

export type ReadingVerdict = "read" | "fails" | "wrong bytes, and no error" | "hangs";

export interface ReadingResult {
	readonly verdict: ReadingVerdict;
	readonly exitCode: number | null;
	/** Empty if all is as it has to be. */
	readonly violations: readonly string[];
}

/** Lets a scenario happen to reading: the list of entries, and the contents of two. */
export async function runReading(scenario: ReadingScenario, archive: StoredArchive): Promise<ReadingResult> {
	const { rules, stored = archive.bytes, expected } = scenario;
	const world = await FaultWorld.open({ rules, previous: undefined });
	await world.bucket.put(KEY, stored);
	const timeout = new AbortController();
	try {
		const tooLate = delay(LIMIT_MS, "hangs" as const, { signal: timeout.signal }).catch(
			() => "hangs" as const,
		);
		const { command } = scenario;
		const reading =
			command === undefined
				? read(world, archive, scenario)
				: readByCommand(command, world, archive, scenario, timeout.signal);
		const ended = await Promise.race([reading, tooLate]);
		if (ended === "hangs") return { verdict: "hangs", exitCode: null, violations: ["it hangs"] };
		const { exitCode, message, isRight } = ended;
		const verdict = exitCode !== 0 ? "fails" : isRight ? "read" : "wrong bytes, and no error";
		const violations: string[] = [...ended.violations];
		if (verdict === "wrong bytes, and no error") violations.push(verdict);
		if (exitCode !== expected.exitCode)
			violations.push(`exit code ${exitCode}, not ${expected.exitCode}: ${message}`);
		if (expected.says?.test(message) === false)
			violations.push(`it does not say ${expected.says}: ${message}`);
		if (message.includes(world.server.credentials.secretAccessKey)) violations.push("the secret key");
		if (/\n|UnknownError|\[object/.test(message)) violations.push(`words of a machine: ${message}`);
		return { verdict, exitCode, violations };
	} finally {
		timeout.abort();
		await world.close();
	}
}

async function read(
	world: FaultWorld,
	{ contents, names }: StoredArchive,
	{ isSlow = false }: ReadingScenario,
): Promise<EndedReading> {
	const { region, credentials } = world.server;
	const timeoutMs = Math.round(1_500 * slowness());
	try {
		const archive = await openArchive(world.target, {
			...{ endpoint: world.endpoint, region, credentials },
			...{ connectTimeoutMs: timeoutMs, readTimeoutMs: timeoutMs },
			retryTimeMs: Math.round((isSlow ? 4_000 : 60_000) * slowness()),
		});
		try {
			const listed: string[] = [];
			const wanted: ArchiveEntry[] = [];
			for await (const entry of archive) {
				listed.push(entry.name);
				if (contents[entry.name] !== undefined) wanted.push(entry);
			}
			let isRight = hashOf(listed) === names;
			for (const { name, open } of wanted) {
				const chunks: Uint8Array[] = [];
				for await (const chunk of open()) chunks.push(chunk);
				isRight &&= hashOf(chunks) === contents[name];
			}
			return { exitCode: 0, message: "", isRight, violations: [] };
		} finally {
			await archive.close();
		}
	} catch (error) {
		const message = error instanceof Error ? error.message : "";
		return { exitCode: exitCodeOf(error), message, isRight: false, violations: [] };
	}
}
