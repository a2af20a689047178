/** A frame of a WebSocket. Source: RFC 6455 §5.2. */
export interface WireFrame {
  /** 1 text, 2 binary, 8 close, 9 ping, 10 pong. */
  readonly opcode: number;
  readonly payload: Uint8Array;
}

/** Writes a whole frame; clients must mask. */
export function encodeFrame(
  opcode: number,
  payload: Uint8Array,
  isMasked = false,
): Uint8Array {
  const { length } = payload;
  const extended = length < 126 ? 0 : length < 65_536 ? 2 : 8;
  const mask = isMasked
    ? crypto.getRandomValues(new Uint8Array(4))
    : new Uint8Array(0);
  const head = new Uint8Array(2 + extended + mask.length);
  const view = new DataView(head.buffer);
  head[0] = 0x80 | opcode;
  head[1] = (isMasked ? 0x80 : 0) |
    (extended === 0 ? length : extended === 2 ? 126 : 127);
  if (extended === 2) view.setUint16(2, length);
  if (extended === 8) view.setBigUint64(2, BigInt(length));
  head.set(mask, 2 + extended);
  const frame = new Uint8Array(head.length + length);
  frame.set(head);
  payload.forEach((byte, at) => {
    frame[head.length + at] = isMasked ? byte ^ mask[at % 4]! : byte;
  });
  return frame;
}

/** Reads frames out of what a connection brings, in whatever pieces. */
export function createFrameReader(): (bytes: Uint8Array) => WireFrame[] {
  let seen: Uint8Array = new Uint8Array();
  return (bytes) => {
    const all = new Uint8Array(seen.length + bytes.length);
    all.set(seen);
    all.set(bytes, seen.length);
    seen = all;
    const frames: WireFrame[] = [];
    for (;;) {
      const frame = takeFrame(seen);
      if (!frame) return frames;
      seen = seen.slice(frame.size);
      frames.push(frame);
    }
  };
}

function takeFrame(
  bytes: Uint8Array,
): (WireFrame & { readonly size: number }) | undefined {
  if (bytes.length < 2) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const short = bytes[1]! & 0x7f;
  const extended = short < 126 ? 0 : short === 126 ? 2 : 8;
  const isMasked = bytes[1]! >= 0x80;
  const start = 2 + extended + (isMasked ? 4 : 0);
  if (bytes.length < start) return undefined;
  const length = extended === 0
    ? short
    : extended === 2
    ? view.getUint16(2)
    : Number(view.getBigUint64(2));
  if (bytes.length < start + length) return undefined;
  const mask = bytes.slice(start - 4, start);
  const payload = bytes.slice(start, start + length);
  if (isMasked) {
    payload.forEach((byte, at) => payload[at] = byte ^ mask[at % 4]!);
  }
  return { opcode: bytes[0]! & 0x0f, payload, size: start + length };
}
