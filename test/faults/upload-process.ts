import { startZipferry } from "../cli/zipferry.ts";
import type { Outcome, Program } from "../support/program.ts";
import type { TestArchive } from "./archive.ts";
import type { Ended } from "./observe.ts";
import { uploadArguments } from "./run-zipferry.ts";
import type { FaultWorld } from "./world.ts";

/** The program in a process of its own, as it is installed. */
export function startUpload(world: FaultWorld, archive: TestArchive, times?: readonly string[]): Program {
	return startZipferry(uploadArguments(world, archive, times), { env: world.env });
}

export function ended({ exitCode, stdout, stderr }: Outcome): Ended {
	return { exitCode: exitCode ?? undefined, stdout, stderr };
}
