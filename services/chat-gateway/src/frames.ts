/** The frames of the chat socket, subprotocol `throughline.v1`: JSON objects, told apart by `type`. */

export type ClientFrame =
  | { readonly type: 'say'; readonly id: string; readonly text: string }
  | { readonly type: 'resume'; readonly after: string | null }
  | { readonly type: 'leave' };

export type ServerFrame =
  /** The log has what was said under this client id. */
  | { readonly type: 'ack'; readonly id: string }
  | {
      readonly type: 'said';
      readonly id: string;
      readonly from: 'agent' | 'person' | 'customer';
      readonly text: string;
      readonly caseId: string;
      /** ISO 8601. */
      readonly at: string;
    }
  | { readonly type: 'notice'; readonly code: NoticeCode; readonly text: string }
  | ({ readonly type: 'problem' } & FrameProblem);

export type NoticeCode = 'holding' | 'held' | 'busy' | 'ended';

/** What RFC 9457 says of a problem, in a frame: `type` is taken, so `code` tells which it is. */
export interface FrameProblem {
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  /** The client's id of what it is about, where there is one. */
  readonly id?: string;
}
