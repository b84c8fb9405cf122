import { statfs } from "node:fs/promises";
import type { Place } from "./place.ts";

/** `f_type` of file systems that answer from this machine: ext2–4, XFS, Btrfs, tmpfs, overlay, ZFS, F2FS, ramfs. */
const LOCAL_TYPES = new Set([
	0xef53, 0x5846_5342, 0x9123_683e, 0x0102_1994, 0x794c_7630, 0x2fc1_2fc1, 0xf2f5_2010, 0x8584_58f6,
]);

/**
 * Knows which devices are disks of this machine.
 *
 * On those, small files are read with blocking calls: 2 µs each, where an asynchronous one costs 20 to 40.
 * On anything else, a network file system above all, a call may take seconds or never return, and the
 * process must stay able to upload and to be stopped meanwhile.
 */
export class LocalDevices {
	readonly #known = new Map<number, boolean>();

	/** @param place - Anything on the device. */
	isLocal(device: number, place: Place): boolean | Promise<boolean> {
		return this.#known.get(device) ?? this.#ask(device, place);
	}

	async #ask(device: number, place: Place): Promise<boolean> {
		const type = await place.later((path) => statfs(path)).catch(() => undefined);
		const local = type !== undefined && LOCAL_TYPES.has(type.type);
		this.#known.set(device, local);
		return local;
	}
}
