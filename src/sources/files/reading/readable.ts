import { constants } from "node:fs";
import { close, errorCode, open } from "../file-system.ts";
import type { Place } from "../place.ts";

interface Permissions {
	readonly uid: number | bigint;
	readonly mode: number | bigint;
}

const ALL = 0o444;
const OWNER = 0o400;

/** Whether this process may read a file for certain, by its mode alone. Groups and access control lists may let it read others. */
export function isPlainlyReadable({ uid, mode }: Permissions): boolean {
	const user = process.geteuid?.();
	if (user === undefined || user === 0) return true; // Windows; root
	const bits = Number(mode);
	return (bits & ALL) === ALL || (Number(uid) === user && (bits & OWNER) !== 0);
}

/** Whether this process may read a regular file, which is opened only if its mode leaves that in doubt. */
export async function isReadable(place: Place, permissions: Permissions): Promise<boolean> {
	if (isPlainlyReadable(permissions)) return true;
	const flags = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW;
	try {
		await close(await place.later((path) => open(path, flags), { giveBack: close }));
		return true;
	} catch (error) {
		if (errorCode(error) === "EACCES" || errorCode(error) === "EPERM") return false;
		throw error;
	}
}
