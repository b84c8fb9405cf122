import type { ZipferryEventListener } from "../../events.ts";
import type { Connection } from "../../s3/connection.ts";
import { isKeyService } from "../../s3/object-proof.ts";
import { readObjectTags } from "../../s3/objects/object-tags.ts";
import type { ObjectOptions } from "../../storage/put/object-options.ts";
import type { EditedArchive } from "./open-edited.ts";

/**
 * The settings that the object which takes the place of an archive has from it, where nothing else is asked for. Those that nobody can see
 * are not among them, such as an ACL; locks are not either, since the new object gets those of its bucket.
 *
 * @param given - By whoever edits it.
 */
export async function keptSettings(
	{ pin, head, location }: EditedArchive,
	given: ObjectOptions,
	connection: Connection,
	{ signal, onEvent }: { readonly signal: AbortSignal | undefined; readonly onEvent: ZipferryEventListener },
): Promise<ObjectOptions> {
	const { contentType, contentDisposition, cacheControl, storageClass } = head;
	const encryption = isKeyService(head.sse) ? { sse: head.sse, sseKmsKeyId: head.sseKmsKeyId } : {};
	const kept: ObjectOptions = {
		...{ contentType, contentDisposition, cacheControl, storageClass },
		metadata: Object.fromEntries(
			Object.entries(head.metadata).filter(([name]) => !name.startsWith("zipferry-")),
		),
		...(given.sse === undefined ? encryption : {}),
	};
	if (given.tags !== undefined || connection.provider.objectTags === "none") return kept;
	const tags = await readObjectTags(connection, pin, { versionId: pin.versionId, signal });
	if (tags !== undefined) return { ...kept, tags };
	const message = `the tags of ${location}, if it has any, cannot be read and are not kept: that needs the permission s3:GetObjectTagging`;
	onEvent({ type: "warning", code: "TAGS_NOT_SHOWN", message });
	return kept;
}
