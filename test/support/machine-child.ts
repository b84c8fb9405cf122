import { spawn } from "node:child_process";
import { connect, createServer } from "node:net";

/**
 * A machine of its own, as far as its network goes: runs a program that finds the storage under the port it has
 * outside, through a socket that both sides see.
 */
const [port = "", socketPath = "", command = "", ...args] = process.argv.slice(2);

const server = createServer((client) => {
	const storage = connect(socketPath);
	client.pipe(storage).pipe(client);
	client.on("error", () => storage.destroy());
	storage.on("error", () => client.destroy());
});
server.listen(Number(port), "127.0.0.1", () => {
	spawn(command, args, { stdio: "inherit" }).once("exit", (code, signal) => {
		process.exit(code ?? (signal === null ? 1 : 128));
	});
});
