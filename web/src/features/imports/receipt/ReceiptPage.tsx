import { useParams } from "@tanstack/react-router";

import { Receipt } from "./Receipt";

/** One receipt, by its address. */
export function ReceiptPage() {
  const { receiptId } = useParams({ from: "/signed-in/w/$workspace/receipts/$receiptId" });
  return <Receipt receiptId={receiptId} isPage />;
}
