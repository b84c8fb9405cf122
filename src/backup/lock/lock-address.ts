import { readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { makeDirectories } from "../../sources/files/make-directories.ts";

/**
 * Where the run that holds a lock listens.
 *
 * On Linux and Windows it is a name that only the kernel knows: an abstract socket, a named pipe. It is gone in the
 * moment in which its process ends, however that ends, nothing is left in any directory, and it is the same name for
 * every user of the machine. Elsewhere it is a socket file. That one stays behind after SIGKILL, but nobody answers
 * under it any more. It lies in `/tmp` and not in `TMPDIR`, which cron does not have.
 */
export async function lockAddress(
	identity: string,
	platform: NodeJS.Platform = process.platform,
	directory = "/tmp",
): Promise<string> {
	if (platform === "linux") return `\0zipferry-job-${identity}`;
	if (platform === "win32") return `\\\\.\\pipe\\zipferry-job-${identity}`;
	await makeDirectories(directory);
	return join(directory, `zipferry-job-${identity}`);
}

/** Whether an address is a file, which may be left behind. */
export function isSocketFile(address: string): boolean {
	return address.startsWith("/");
}

/**
 * An address together with where it counts: this start of this machine, and its network namespace, which abstract
 * sockets belong to. Two processes with the same scope cannot both hold the lock.
 *
 * @returns `undefined` where that cannot be known.
 */
export function lockScope(address: string): string | undefined {
	if (isSocketFile(address)) return undefined;
	try {
		const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
		const namespace = /\d+/.exec(readlinkSync("/proc/self/ns/net"))?.[0];
		return namespace === undefined ? undefined : `${boot}/${namespace}/${address.replace("\0", "@")}`;
	} catch {
		return undefined; // no Linux, or no /proc
	}
}
