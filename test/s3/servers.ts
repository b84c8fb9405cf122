import { type RequestRecord, startLocalS3 } from "../../localstack/strict-s3/local-s3.ts";
import { DIFFERENCES, type Differences, type ServerName } from "./differences.ts";

/** A running S3 server that the contract can be asked of. */
export interface ContractServer {
	readonly name: ServerName;
	readonly endpoint: string;
	readonly region: string;
	readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
	readonly differences: Differences;
	/** What it was asked so far, by its own record, if it shows one. */
	readonly requests?: readonly RequestRecord[];
	/** Stops a server that was started for this run; leaves others alone. */
	stop(): Promise<void>;
}

/**
 * The server of this test run: the one `ZIPFERRY_TEST_S3` names, or a fresh embedded one.
 *
 * A named server is running already; `S3_ENDPOINT`, `S3_REGION`, `AWS_ACCESS_KEY_ID` and
 * `AWS_SECRET_ACCESS_KEY` say where and for whom.
 */
export async function contractServer(): Promise<ContractServer> {
	const name = serverName();
	const differences = DIFFERENCES[name];
	if (name === "embedded") {
		const { endpoint, region, accessKeyId, secretAccessKey, requests, close } = await startLocalS3();
		return {
			name,
			endpoint,
			region,
			credentials: { accessKeyId, secretAccessKey },
			differences,
			requests,
			stop: close,
		};
	}
	const credentials = {
		accessKeyId: variable("AWS_ACCESS_KEY_ID"),
		secretAccessKey: variable("AWS_SECRET_ACCESS_KEY"),
	};
	return {
		name,
		endpoint: variable("S3_ENDPOINT"),
		region: variable("S3_REGION"),
		credentials,
		differences,
		stop: () => Promise.resolve(),
	};
}

/** The server that `ZIPFERRY_TEST_S3` names. */
export function serverName(): ServerName {
	const name = process.env["ZIPFERRY_TEST_S3"] ?? "embedded";
	switch (name) {
		case "aws":
		case "ceph":
		case "embedded":
		case "swift":
			return name;
		default:
			throw new Error(
				`ZIPFERRY_TEST_S3 is ${name}; it must be one of ${Object.keys(DIFFERENCES).join(", ")}`,
			);
	}
}

function variable(name: string): string {
	const value = process.env[name];
	if (value === undefined || value === "")
		throw new Error(`ZIPFERRY_TEST_S3 is set, so ${name} must be set too`);
	return value;
}
