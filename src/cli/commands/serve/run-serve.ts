import { onAbort } from "../../../async/abort-listeners.ts";
import { InvalidOptionError, messageOf } from "../../../errors.ts";
import { looksLikeS3Url } from "../../../s3/address.ts";
import { isLoopback } from "../../../serve/request/host-names.ts";
import { serveTree } from "../../../serve/serve-tree.ts";
import { readPatterns } from "../../arguments/parse.ts";
import { EXIT } from "../../exit-codes.ts";
import type { CONNECT_OPTIONS } from "../../options/connect-options.ts";
import type { SERVE_OPTIONS } from "../../options/serve/serve-options.ts";
import { type Io, writeLine } from "../../terminal/io.ts";
import { storageEvents } from "../../terminal/storage-events.ts";
import type { Given } from "../command.ts";
import { noticeArchives } from "../connect-notices.ts";
import { crcCachePath } from "./crc-cache-path.ts";
import { givenAuth } from "./given-auth.ts";
import { serveLog } from "./serve-log.ts";

type ServeGiven = Given<typeof SERVE_OPTIONS & typeof CONNECT_OPTIONS, { readonly source: string }>;

const LOOPBACK = "127.0.0.1";
const WAITING = "downloads have 10 seconds to end, a second signal cuts them";

/** Serves until it is told to stop. */
export async function runServe({ operands, values, settings }: ServeGiven, io: Io): Promise<number> {
	const { source } = operands;
	if (source === "") throw new InvalidOptionError("the directory is empty; is a variable unset?");
	const { exclude = [], "exclude-from": files = [] } = values;
	const { include = [], retryTimeMs, ...storage } = settings;
	const port = checkPort(values.port);
	const credentials = givenAuth(values.auth, io);
	if (looksLikeS3Url(source)) noticeArchives([source], values, io);
	const log = serveLog(values, io);
	const server = await serveTree({
		...{ source, host: values.host ?? LOOPBACK, port, credentials, storage, retryTimeMs },
		filters: { include, exclude: [...exclude, ...(await readPatterns(files, io.signal))] },
		crcCacheFile: values["crc-cache"] ?? crcCachePath(source, process.env),
		signal: io.signal,
		onEvent: log.write,
		onStorageEvent: storageEvents(values, io),
		onWarning: ({ message }) => writeLine(io.stderr, `warning: ${message}`),
	});
	try {
		if (!isLoopback(server.address)) warnOfOthers(credentials !== undefined, io);
		log.write({ type: "listening", source, url: server.url });
		const reason = await aborted(io.signal);
		log.write({ type: "stopping", message: `${messageOf(reason)}; ${WAITING}` });
	} finally {
		await server.close();
		await log.flush();
	}
	return EXIT.ok;
}

function checkPort(port: number): number {
	if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
	throw new InvalidOptionError(`--port must be a port from 0 to 65,535, not ${port}`);
}

function warnOfOthers(asksForPassword: boolean, { stderr }: Io): void {
	writeLine(
		stderr,
		asksForPassword
			? "warning: the password and all files cross the network in the clear; put a server with TLS in front, or use --host 127.0.0.1"
			: "warning: everybody who reaches this address can read all that is served; --auth asks for a password",
	);
}

function aborted(signal: AbortSignal): Promise<unknown> {
	return new Promise((resolve) => {
		onAbort(signal, resolve);
	});
}
