import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { Program } from "../support/program.ts";
import type { TestArchives } from "./archive.ts";
import { type Observation, observe } from "./observe.ts";
import { hang } from "./proxy/fault.ts";
import type { Rule } from "./proxy/plan.ts";
import { plainTarget } from "./run-plain.ts";
import { uploadArguments } from "./run-zipferry.ts";
import type { Variant } from "./scenario.ts";
import { withWorld } from "./with-world.ts";

const ZIPFERRY = fileURLToPath(new URL("../../dist/cli/zipferry.cjs", import.meta.url));
const PLAIN = fileURLToPath(new URL("./plain-child.ts", import.meta.url));

/** The second part never gets through, so that the signal always comes while parts are sent. */
const RULES: readonly Rule[] = [{ operation: "UploadPart", partNumber: 2, fault: hang("body") }];

/** Stops an upload by a signal while it sends parts, and looks at what is left. */
export async function runStopped(
	which: "zipferry" | "plain",
	signal: StopSignal,
	archives: TestArchives,
	scheme: Variant["scheme"] = "http",
): Promise<Observation> {
	const archive = archives.of("parts");
	const file = `${archive.directory}-${which}-${signal}-${scheme}.zip`;
	await writeFile(file, archive.bytes);
	const certificate = scheme === "https" ? await archives.certificate() : undefined;
	return withWorld({ rules: RULES, certificate }, (world) =>
		observe(world, archive, async () => {
			const args =
				which === "zipferry"
					? [ZIPFERRY, ...uploadArguments(world, archive)]
					: ["--import", "tsx", PLAIN, file, JSON.stringify(plainTarget(world))];
			const program = new Program(process.execPath, args, { env: world.env });
			await Promise.race([world.proxy.reached("UploadPart", 2), program.ended]);
			program.kill(signal);
			const { exitCode, stdout, stderr } = await program.ended;
			// A process that a signal has ended has no exit code of its own; shells say 128 and the signal.
			return { exitCode: exitCode ?? 128 + SIGNAL_NUMBERS[signal], stdout, stderr };
		}),
	);
}

const SIGNAL_NUMBERS = { SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGTERM: 15 } as const;

export type StopSignal = keyof typeof SIGNAL_NUMBERS;
