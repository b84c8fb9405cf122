import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { OpenState } from "../download-child.ts";

const SCRIPT = fileURLToPath(new URL("../download-child.ts", import.meta.url));

/** A server in a process of its own. */
export interface DownloadServer {
	readonly port: number;
	readonly url: string;
	/** Bytes that it has read so far: files, and requests. */
	readSize(): Promise<number>;
	/** Resident set, bytes; the highest so far. */
	peakMemory(): Promise<number>;
	/** What it has open, with the connection that asks. */
	state(): Promise<OpenState>;
	stop(): Promise<void>;
}

export async function startDownloadServer(
	root: string,
	cacheFile: string,
	port = 0,
): Promise<DownloadServer> {
	const args = ["--import", "tsx", SCRIPT, root, cacheFile, String(port)];
	const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
	const ended = once(child, "exit").then(([code]) => code as number | null);
	ended.catch(() => {}); // looked at when it is stopped
	const listening = await portOf(child);
	const statusOf = async (file: string, field: string) => {
		const text = await readFile(`/proc/${child.pid}/${file}`, "utf8");
		return Number(new RegExp(`^${field}:\\s*(\\d+)`, "m").exec(text)?.[1]);
	};
	return {
		port: listening,
		url: `http://127.0.0.1:${listening}`,
		readSize: () => statusOf("io", "rchar"),
		peakMemory: async () => (await statusOf("status", "VmHWM")) * 1024,
		async state() {
			const response = await fetch(`http://127.0.0.1:${listening}/state`, {
				headers: { connection: "close" },
			});
			return (await response.json()) as OpenState; // written by download-child.ts
		},
		async stop() {
			child.kill("SIGTERM");
			const code = await ended;
			if (code !== 0) throw new Error(`the server has ended with ${code}`);
		},
	};
}

async function portOf(child: ChildProcess): Promise<number> {
	if (child.stdout === null) throw new TypeError("stdout is a pipe");
	let output = "";
	for await (const chunk of child.stdout.setEncoding("utf8")) {
		output += chunk;
		if (output.includes("\n")) {
			child.stdout.resume();
			return Number(output);
		}
	}
	throw new Error("the server has ended before it listened");
}
