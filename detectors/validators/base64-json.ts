/** The JSON value that base64 or base64url text holds, or undefined. */
export function parseBase64Json(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64').toString('utf8'));
  } catch {
    return undefined;
  }
}

/** The JSON object that base64 or base64url text holds, or null. */
export function parseBase64Object(text: string): Record<string, unknown> | null {
  const parsed = parseBase64Json(text);
  return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)
    ? (parsed as Record<string, unknown>)
    : null;
}
