/** A server that offers a directory as a download, in a process of its own that can be ended and measured. */
import { readdirSync, readlinkSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { openCrcCache } from "../../src/archive/layout/crc/open-crc-cache.ts";
import { describeDownload } from "../../src/http/describe-download.ts";
import { sendZip } from "../../src/http/send-zip.ts";

const [root = "", cacheFile = "", port = "0"] = process.argv.slice(2);
const crcCache = await openCrcCache(cacheFile);

/** What the process has open. */
export interface OpenState {
	/** Descriptors of files below the root. */
	readonly files: number;
	/** All descriptors. */
	readonly descriptors: number;
	/** Timers that keep the process alive, and operations of the file system under way. */
	readonly waits: number;
}

function stateOf(resources: readonly string[]): OpenState {
	const descriptors = readdirSync("/proc/self/fd").map((fd) => {
		try {
			return readlinkSync(`/proc/self/fd/${fd}`);
		} catch {
			return ""; // that of the list itself
		}
	});
	return {
		files: descriptors.filter((target) => target.startsWith(`${root}/`)).length,
		descriptors: descriptors.length,
		waits: resources.filter((type) => type === "Timeout" || type.startsWith("FS")).length,
	};
}

const server = createServer((request, response) => {
	if (request.url === "/state") {
		response.end(JSON.stringify(stateOf(process.getActiveResourcesInfo())));
		return;
	}
	const { searchParams } = new URL(request.url ?? "/", "http://host");
	if (request.url === "/version") {
		describeDownload(root, { crcCache }).then(
			(described) => response.end(JSON.stringify(described)),
			() => response.destroy(),
		);
		return;
	}
	const version = searchParams.get("v") ?? "";
	sendZip(root, { filename: "a.zip", request, response, crcCache, version }).catch((error: unknown) => {
		console.error(error);
		if (!response.headersSent) response.writeHead(500).end();
	});
});
server.listen(Number(port), "127.0.0.1", () => {
	console.log((server.address() as AddressInfo).port); // listens on TCP
});
process.once("SIGTERM", () => {
	server.close();
	server.closeAllConnections();
	crcCache.close().then(
		() => process.exit(0),
		() => process.exit(1),
	);
});
