import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { connect, createServer, type Server, type Socket } from "node:net";
import { fileURLToPath } from "node:url";
import { Program, type ProgramOptions } from "./program.ts";

const CHILD = fileURLToPath(new URL("./machine-child.ts", import.meta.url));
/** Programs run in directories that know no packages. */
const TSX = createRequire(import.meta.url).resolve("tsx");
const APART = ["--user", "--map-root-user", "--net", "--uts"];
const LOOPBACK_UP = "ip link set lo up";

/** Whether this system lets us have a network and a host name apart: it needs Linux with user namespaces. */
export function hasMachines(): boolean {
	return spawnSync("unshare", [...APART, "sh", "-c", LOOPBACK_UP]).status === 0;
}

/** Lets programs run as if on several machines that share nothing but a storage. */
export class Machines {
	readonly #server: Server;
	readonly #port: string;
	readonly #socketPath: string;
	readonly #connections = new Set<Socket>();

	private constructor(port: string, socketPath: string) {
		this.#port = port;
		this.#socketPath = socketPath;
		this.#server = createServer((client) => {
			const storage = connect(Number(port), "127.0.0.1");
			client.pipe(storage).pipe(client);
			for (const [one, other] of [
				[client, storage],
				[storage, client],
			] as const) {
				this.#connections.add(one);
				one.on("error", () => other.destroy());
				one.once("close", () => this.#connections.delete(one));
			}
		});
	}

	/**
	 * @param endpoint - Of the storage, on the loopback interface.
	 * @param socketPath - Where to listen for those who cannot see it.
	 */
	static async open(endpoint: string, socketPath: string): Promise<Machines> {
		const machines = new Machines(new URL(endpoint).port, socketPath);
		machines.#server.listen(socketPath);
		await once(machines.#server, "listening");
		return machines;
	}

	/** Starts a program on the machine of that name, where nothing else runs. */
	start(host: string, command: readonly string[], options: ProgramOptions): Program {
		const script = `hostname "$0" && ${LOOPBACK_UP} && exec "$@"`;
		const child = [process.execPath, "--import", TSX, CHILD, this.#port, this.#socketPath, ...command];
		return new Program("unshare", [...APART, "sh", "-c", script, host, ...child], options);
	}

	close(): void {
		this.#server.close();
		for (const connection of this.#connections) connection.destroy();
	}
}
