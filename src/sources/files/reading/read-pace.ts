import { MiB } from "../../../bytes/units.ts";

/** 500 MB a second: from memory, or from a disk that is nearly as fast. */
const QUICK_MS_PER_MIB = 2;
/** The event loop is somewhere else for that long every now and then. */
const TOLERANCE_MS = 1;

/**
 * Whether reading takes any waiting at present. Where the last read took none, the next one is done with a
 * blocking call: handing it to another thread costs more than it takes, and that thread runs on another
 * core, whose caches the data is in then. The first slow one ends that, so that the process goes on sending
 * while it waits for a disk.
 */
export class ReadPace {
	#quick = false;

	get quick(): boolean {
		return this.#quick;
	}

	/** @param startedMs - Of `performance.now()`. */
	note(byteLength: number, startedMs: number): void {
		const elapsedMs = performance.now() - startedMs;
		this.#quick = elapsedMs <= TOLERANCE_MS + (byteLength / MiB) * QUICK_MS_PER_MIB;
	}
}
