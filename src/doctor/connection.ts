import { TLSSocket } from "node:tls";
import { HeadBucketCommand, ListMultipartUploadsCommand } from "@aws-sdk/client-s3";
import type { RawAnswer } from "../s3/answers.ts";
import { factsOf } from "../s3/errors/refusals.ts";
import { isPlainHttp } from "../s3/plain-http.ts";
import { type Check, type DoctorContext, fail, pass, warn } from "./finding.ts";

export const endpointCheck: Check = {
	name: "endpoint",
	async run({ connection: { client, endpoint, provider, proxy } }) {
		const region = await client.config.region();
		const pathStyle = client.config.forcePathStyle === true;
		const facts = { endpoint, provider: provider.name, region, pathStyle, proxy };
		const style = pathStyle ? "bucket in the path" : "bucket in the host name";
		const what = `${endpoint ?? "AWS"}, provider ${provider.name}, region ${region}, ${style}${proxy === undefined ? "" : `, through the proxy ${proxy}`}`;
		return isPlainHttp(endpoint)
			? warn(
					what,
					"not encrypted: others can read everything on the way except the secret key; use https",
					facts,
				)
			: pass(what, facts);
	},
};

const DAY_MS = 86_400_000;

/** Reaches the storage for the first time; any answer will do. */
export const connectionCheck: Check = {
	name: "connection",
	essential: true,
	async run(context) {
		const { trial, bucket } = context;
		const command = new HeadBucketCommand({ Bucket: bucket });
		let answer: RawAnswer | undefined;
		const startedAt = performance.now();
		const refusal = await trial
			.ask(command, {
				onAnswer: (seen) => {
					answer = seen;
				},
			})
			.then(
				() => undefined,
				(error: unknown) => error,
			);
		if (answer === undefined) throw refusal;
		const elapsedMs = Math.round(performance.now() - startedAt);
		context.firstAnswer = { ...answer, elapsedMs, error: refusal };
		return describeSocket(context.firstAnswer);
	},
};

function describeSocket({ socket, elapsedMs }: NonNullable<DoctorContext["firstAnswer"]>) {
	if (!(socket instanceof TLSSocket))
		return pass(`plain HTTP, ${elapsedMs} ms to the first response`, { elapsedMs });
	const expires = new Date(socket.getPeerCertificate().valid_to);
	const tls = socket.getProtocol() ?? "TLS";
	const facts = { elapsedMs, tls, certificateExpires: expires.toISOString() };
	const what = `${tls}, certificate valid until ${facts.certificateExpires.slice(0, 10)}, ${elapsedMs} ms to the first response`;
	return expires.getTime() - Date.now() < 7 * DAY_MS
		? warn(what, "the certificate of the server expires soon", facts)
		: pass(what, facts);
}

/** S3 refuses signatures that are 15 minutes off. */
const MAX_SKEW_MS = 15 * 60_000;
const LARGE_SKEW_MS = 60_000;

export const clockCheck: Check = {
	name: "clock",
	async run({ firstAnswer }) {
		const date = firstAnswer?.date;
		if (date === undefined) return warn("the storage does not report its time");
		const seconds = Math.round((Date.now() - date.getTime()) / 1000);
		const facts = { skewSeconds: seconds };
		const apart = `${Math.abs(seconds)} s ${seconds < 0 ? "behind" : "ahead of"} the storage's`;
		if (Math.abs(seconds) * 1000 < LARGE_SKEW_MS) return pass(`${Math.abs(seconds)} s apart`, facts);
		const consequence =
			Math.abs(seconds) * 1000 < MAX_SKEW_MS ? "" : "; requests are refused until they are corrected for it";
		return warn(`this clock is ${apart}${consequence}`, "set it, with NTP for instance", facts);
	},
};

export const bucketCheck: Check = {
	name: "bucket",
	essential: true,
	async run({ firstAnswer, trial, bucket, connection }) {
		const error = firstAnswer?.error;
		const region = firstAnswer?.headers["x-amz-bucket-region"];
		const own = await connection.client.config.region();
		const facts = { region };
		if (error === undefined) {
			if (firstAnswer?.headers["content-type"]?.startsWith("text/html"))
				return warn("answers with HTML, as a web server does", "check the endpoint", facts);
			const where = region === undefined ? "" : `, in ${region}`;
			return region !== undefined && region !== own && connection.provider.name === "aws"
				? warn(
						`there${where}, reached through ${own}`,
						{ kind: "set-option", option: "region", value: region },
						facts,
					)
				: pass(`there${where}`, facts);
		}
		const { status } = factsOf(error);
		if (status === 404) return fail(`"${bucket}" does not exist there`, "create it first", facts);
		if (status === 301 || (status === 400 && region !== undefined))
			return fail(
				`in another region than ${own}`,
				{ kind: "set-option", option: "region", value: region },
				facts,
			);
		// The answer to HEAD has no body that could say why; this one has.
		const command = new ListMultipartUploadsCommand({ Bucket: bucket, MaxUploads: 1 });
		const refusal = await trial.refusal(trial.try(command));
		if (refusal !== undefined && refusal.code !== "AccessDenied") throw refusal.error;
		return warn("cannot tell whether it exists: s3:ListBucket is not allowed", undefined, facts);
	},
};
