import { chmod, link, rename, stat, unlink } from "node:fs/promises";
import { createServer, type Server, type Socket } from "node:net";
import { DestinationError } from "../../errors.ts";
import { errorCode } from "../../sources/files/file-system.ts";
import { ask } from "./ask-holder.ts";
import { isSocketFile } from "./lock-address.ts";

/** The address is ours until it is released, or the process ends. */
export interface Listening {
	release(): Promise<void>;
}

/**
 * Listens at an address, and tells `facts` to everybody who connects. The connections stay open until the release: by
 * their end those who wait see that the address is free.
 *
 * @returns `undefined` if somebody else listens there.
 */
export async function listenAt(address: string, facts: string): Promise<Listening | undefined> {
	const connections = new Set<Socket>();
	const server = createServer((socket) => {
		connections.add(socket);
		socket.once("close", () => connections.delete(socket));
		socket.on("error", () => {}); // it has gone
		socket.unref();
		socket.resume();
		socket.write(facts);
	});
	if (!(await bound(server, address))) {
		if (!isSocketFile(address) || !(await removeStale(address)) || !(await bound(server, address)))
			return undefined;
	}
	server.unref();
	if (isSocketFile(address)) await chmod(address, 0o666).catch(() => {}); // other users ask as well
	return {
		release: () =>
			new Promise((resolve) => {
				server.close(() => resolve());
				for (const socket of connections) socket.destroy();
			}),
	};
}

/** Not shared with other processes of a cluster, as Node otherwise does. */
function bound(server: Server, address: string): Promise<boolean> {
	return new Promise((resolve, reject) => {
		const onError = (error: Error): void => {
			server.off("listening", onListening);
			if (errorCode(error) === "EADDRINUSE") resolve(false);
			else reject(error);
		};
		const onListening = (): void => {
			server.off("error", onError);
			resolve(true);
		};
		server.once("error", onError);
		server.once("listening", onListening);
		server.listen({ path: address, exclusive: true });
	});
}

/**
 * Removes a socket file under which nobody listens, as SIGKILL leaves one.
 *
 * Two runs may find the same one at a time, and the slower of them must not remove what the faster one has put there.
 * So it is moved aside first, which only one of them can do, and put back if it is alive after all.
 *
 * @returns whether the address may be free now.
 */
async function removeStale(address: string): Promise<boolean> {
	const found = await stat(address).catch(() => undefined);
	if (found === undefined) return true;
	if ((await ask(address)) !== "free") return false;
	const aside = `${address}.${process.pid}`;
	try {
		await rename(address, aside);
	} catch (error) {
		if (errorCode(error) === "ENOENT") return true; // somebody was faster
		const whose = `${address} is left of a run of another user that was killed; remove it`;
		throw new DestinationError(whose, error);
	}
	const alive = (await ask(aside)) !== "free";
	if (alive) await link(aside, address).catch(() => {});
	await unlink(aside);
	return !alive;
}
