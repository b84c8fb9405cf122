export async function openBucketTarget(..._: unknown[]): Promise<never> { throw new Error("x"); }
