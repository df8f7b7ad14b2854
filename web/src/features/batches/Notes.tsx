import { Alert } from "antd";

/** The numbered notes on top of a dialog. */
export function Notes({ notes }: { notes: readonly string[] }) {
  return (
    <Alert
      type="info"
      title={
        <ol className="notes">
          {notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ol>
      }
    />
  );
}
