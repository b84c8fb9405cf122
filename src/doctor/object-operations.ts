import { createHash } from "node:crypto";
import { GetObjectCommand, HeadObjectCommand } from "@aws-sdk/client-s3";
import type { Advice } from "../advice/advice.ts";
import { unquote } from "../s3/object-proof.ts";
import { type Check, fail, pass, warn } from "./finding.ts";
import { permissionCheck } from "./permissions.ts";
import type { Refusal } from "./refusal.ts";

/** The content of the throw-away object. */
const BODY: Uint8Array = Buffer.from(
	"Put here by zipferry to try the storage, and left behind if you can read this.\n",
);

const MD5 = createHash("md5").update(BODY).digest("hex");

export const putCheck: Check = {
	...permissionCheck({
		operation: "PutObject",
		action: "s3:PutObject",
		async run({ trial }) {
			const etag = unquote(await trial.put(BODY));
			return etag === MD5 ? "allowed; the ETag is the MD5" : "allowed; the ETag is no MD5";
		},
	}),
	essential: true,
};

export const headCheck: Check = permissionCheck({
	operation: "HeadObject",
	action: "s3:GetObject",
	async run({ trial }) {
		const { ContentLength } = await trial.ask(new HeadObjectCommand(trial.target));
		if (ContentLength === BODY.byteLength) return "allowed";
		return fail(`reports ${ContentLength ?? "no number of"} bytes for an object of ${BODY.byteLength}`);
	},
});

export const getCheck: Check = permissionCheck({
	operation: "GetObject",
	action: "s3:GetObject",
	otherwise: "an archive cannot be read back",
	async run({ trial, connection: { provider } }) {
		// Without it the SDK sends a checksum of the body that a GET does not have.
		const mode = provider.checksums ? { ChecksumMode: "ENABLED" as const } : {};
		const command = new GetObjectCommand({ ...trial.target, ...mode, Range: "bytes=4-7" });
		const { Body, ContentRange } = await trial.ask(command, { streams: true });
		const bytes = Buffer.from((await Body?.transformToByteArray()) ?? []);
		if (bytes.equals(BODY.subarray(4, 8))) return "allowed, also for a range";
		return warn(`returns other bytes than were requested (${ContentRange ?? "no range"})`);
	},
});

export const deleteCheck: Check = permissionCheck({
	operation: "DeleteObject",
	action: "s3:DeleteObject",
	otherwise: "an object that turns out damaged cannot be deleted",
	async run({ trial }) {
		await trial.delete();
		const refusal = await trial.refusal(trial.try(new HeadObjectCommand(trial.target)));
		return refusal?.status === 404 ? pass("allowed") : warn("allowed, but the object is still there");
	},
});

/** The effect that is left if the storage ignores the condition. */
export const UNGUARDED: Advice = {
	kind: "mind-option",
	option: "noClobber",
	limit: "checked before the upload only; do not let two runs share a key",
};

/** The option `noClobber` rests on it for small archives. */
export const conditionalPutCheck: Check = {
	name: "If-None-Match on put",
	writes: true,
	async run({ trial }) {
		const refusal = await trial.refusal(trial.tryPut(BODY, { IfNoneMatch: "*" }));
		if (refusal?.status === 412) return pass("an object is not overwritten");
		const how = refusal === undefined ? "ignored" : `refused: ${refusal.code}`;
		return warn(how, UNGUARDED);
	},
};

/** The lease of a backup job, which keeps runs on other machines away, rests on it. */
export const conditionalReplaceCheck: Check = {
	name: "If-Match on put",
	writes: true,
	async run({ trial }) {
		const refusal = await trial.refusal(trial.tryPut(BODY, { IfMatch: `"${"0".repeat(32)}"` }));
		if (refusal?.status === 412) return pass("runs of a backup job on several machines can be kept apart");
		const how = refusal === undefined ? "ignored" : `refused: ${refusal.code}`;
		return warn(how, "a backup job has no lease here; run it on one machine only");
	},
};

/** Whether the storage notices that the bytes are not the ones that were sent. */
export const md5Check: Check = {
	name: "Content-MD5",
	writes: true,
	async run({ trial }) {
		const ContentMD5 = createHash("md5").update("something else").digest("base64");
		const refusal = await trial.refusal(trial.tryPut(BODY, { ContentMD5 }));
		return judge(refusal, "MD5");
	},
};

export const crc32Check: Check = {
	name: "checksum headers",
	writes: true,
	async run({ trial, connection: { provider } }) {
		const refusal = await trial.refusal(trial.tryPut(BODY, { ChecksumCRC32: "AAAAAA==" }));
		if (refusal !== undefined || provider.checksums) return judge(refusal, "CRC-32");
		return pass(`CRC-32 ignored; not used with provider ${provider.name}`);
	},
};

function judge(refusal: Refusal | undefined, hash: string) {
	if (refusal === undefined)
		return warn(`a wrong ${hash} is accepted`, "damage in transit shows only in the ETag");
	const { code, status } = refusal;
	return status === 400
		? pass(`a wrong ${hash} is refused: ${code}`)
		: warn(`a wrong ${hash} is answered with ${code}`);
}
