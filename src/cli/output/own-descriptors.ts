import { readdirSync, readFileSync, readlinkSync } from "node:fs";

const DESCRIPTORS = "/proc/self/fd";

/**
 * Whether a descriptor is one that nobody has handed over to be written to: a pipe that is read in this process,
 * or what its event loop waits with. Node has some under low numbers, which a wrong `/dev/fd/7` would hit, and
 * crashes over what it does not expect in them.
 */
export function isInternal(descriptor: string): boolean {
	try {
		const thing = readlinkSync(`${DESCRIPTORS}/${descriptor}`);
		if (thing.startsWith("anon_inode:")) return true;
		return thing.startsWith("pipe:") && readdirSync(DESCRIPTORS).some((other) => reads(other, thing));
	} catch {
		return false; // no /proc, or nothing under that number, which shows when it is written to
	}
}

function reads(descriptor: string, pipe: string): boolean {
	try {
		return readlinkSync(`${DESCRIPTORS}/${descriptor}`) === pipe && isForReading(descriptor);
	} catch {
		return false; // the one that the directory was listed with
	}
}

function isForReading(descriptor: string): boolean {
	const flags = /^flags:\s*(\d+)$/m.exec(readFileSync(`/proc/self/fdinfo/${descriptor}`, "utf8"))?.[1];
	return (Number.parseInt(flags ?? "1", 8) & 0o3) === 0;
}
