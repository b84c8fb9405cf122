import { once } from "node:events";
import { truncate } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { noise } from "../support/bytes.ts";
import { useTempDirectory } from "../support/temp-directory.ts";
import { type DownloadServer, startDownloadServer } from "./support/download-server.ts";
import { type SettledTree, settle, settledTree } from "./support/settled-tree.ts";

const KiB = 1 << 10;
const MiB = 1 << 20;

const scratch = useTempDirectory();
let tree: SettledTree;
beforeAll(async () => {
	tree = await settledTree({
		"a.txt": Buffer.from("hello"),
		"large.bin": noise(1),
		"z.txt": Buffer.from("end"),
	});
	await truncate(`${tree.root}/large.bin`, 1024 * MiB);
	await settle();
});
afterAll(() => tree.remove());

let server: DownloadServer | undefined;
afterEach(async () => {
	await server?.stop();
	server = undefined;
});

async function start(): Promise<DownloadServer> {
	server = await startDownloadServer(tree.root, scratch.path("crcs"));
	return server;
}

function request(port: number, range?: string): Socket {
	const socket = connect(port, "127.0.0.1");
	socket.on("error", () => {});
	const lines = ["GET / HTTP/1.1", "host: a", ...(range === undefined ? [] : [`range: bytes=${range}`])];
	socket.write(`${lines.join("\r\n")}\r\n\r\n`);
	return socket;
}

/** Reads a chunk, and then for half a second nothing. */
function readSlowly(socket: Socket): { received: number } {
	const progress = { received: 0 };
	socket.on("data", (chunk: Buffer) => {
		progress.received += chunk.byteLength;
		socket.pause();
		setTimeout(() => socket.resume(), 500).unref();
	});
	return progress;
}

describe("many clients", { tags: "slow", timeout: 300_000 }, () => {
	it("that are slow, 500 at once, stay below 300 MiB", async () => {
		const { port, peakMemory, state } = await start();
		const sockets: Socket[] = [];
		const clients: { received: number }[] = [];
		for (let client = 0; client < 500; client++) {
			// Everywhere in the archive: also where a CRC-32 is needed of what is before.
			const socket = request(port, client % 2 === 0 ? undefined : `${client * MiB}-`);
			sockets.push(socket);
			clients.push(readSlowly(socket));
			if (client % 50 === 49) await delay(50);
		}
		const waitingCount = () => clients.filter(({ received }) => received < 128 * KiB).length;
		await expect.poll(waitingCount, { timeout: 200_000, interval: 500 }).toBe(0);
		expect((await state()).files).toBe(500); // all downloads are under way
		console.log(`500 slow clients: ${Math.round((await peakMemory()) / MiB)} MiB`);
		expect(await peakMemory()).toBeLessThan(300 * MiB);
		for (const socket of sockets) socket.destroy();
	});

	it("that begin at once on a tree of 3,000 files share a look at it, and all get their first bytes", async () => {
		const files = Array.from({ length: 3000 }, (_, n) => [`d${n % 30}/f${n}`, noise(20_000, n)] as const);
		const many = await settledTree(Object.fromEntries(files));
		try {
			server = await startDownloadServer(many.root, scratch.path("crcs"));
			const { port, peakMemory } = server;
			const sockets = Array.from({ length: 500 }, () => request(port));
			const clients = sockets.map(readSlowly);
			const waitingCount = () => clients.filter(({ received }) => received === 0).length;
			await expect.poll(waitingCount, { timeout: 200_000, interval: 500 }).toBe(0);
			await delay(3000);
			console.log(`500 slow clients of 3,000 files: ${Math.round((await peakMemory()) / MiB)} MiB`);
			expect(await peakMemory()).toBeLessThan(350 * MiB); // tsx takes some of it
			for (const socket of sockets) socket.destroy();
		} finally {
			await many.remove();
		}
	});

	it("that vanish, 1,000 of them, leave no open file, connection or timer", async () => {
		const { port, state } = await start();
		await (await fetch(`http://127.0.0.1:${port}/`, { method: "HEAD" })).text();
		const before = await state();
		for (let round = 0; round < 10; round++) {
			const sockets = Array.from({ length: 100 }, (_, index) =>
				request(port, index % 3 === 0 ? `${index * MiB}-` : undefined),
			);
			await Promise.all(
				sockets.map(async (socket, index) => {
					if (index % 4 === 0) await once(socket, "connect");
					else await once(socket, "data").catch(() => {});
					if (index % 4 === 1) await delay(index);
					if (index % 2 === 0) socket.resetAndDestroy();
					else socket.destroy();
				}),
			);
		}
		await expect.poll(state, { timeout: 60_000, interval: 200 }).toEqual(before);
		expect(before.files).toBe(0);
	});
});
