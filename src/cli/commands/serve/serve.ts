import { CONNECT_OPTIONS } from "../../options/connect-options.ts";
import { SERVE_OPTIONS } from "../../options/serve/serve-options.ts";
import { defineCommand } from "../command.ts";

export const serve = defineCommand({
	name: "serve",
	group: "write",
	summary: "Offer a directory or bucket to browsers, each folder as a ZIP",
	description:
		"Serves a directory, or the objects below a prefix of a bucket, for reading: a page for each folder, which can be downloaded as a ZIP that is made while it is sent, and single files. Downloads can be resumed. Symbolic links are not followed. It listens on this machine alone unless --host says more, and speaks HTTP: for the world outside put a server with TLS in front.",
	operands: { source: { shown: "<dir|s3-prefix>", completes: "files" } },
	options: { ...SERVE_OPTIONS, ...CONNECT_OPTIONS },
	common: ["port", "host", "auth", "exclude", "crc-cache", "endpoint-url", "profile", "verbose"],
	examples: [
		["zipferry serve ./photos", "at http://127.0.0.1:8080/"],
		["zipferry serve ./photos --host 0.0.0.0 --auth file:/run/secrets/auth", "for others, with a password"],
		["zipferry serve s3://my-bucket/photos/ --port 0", "objects of a bucket, at any free port"],
	],
	success: "stopped by SIGTERM or SIGINT",
	endsOnSignal: true,
	exitCodes: [["source", "the directory cannot be read"], "storage", "network"],
	run: async (given, io) => (await import("./run-serve.ts")).runServe(given, io),
});
