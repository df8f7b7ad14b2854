import { Checkbox, Typography } from "antd";

/** A tick without which a dialog does not go on: it says so by its star, as fields do that must be filled in. */
export function MustTick({ text, isTicked, tick }: { text: string; isTicked: boolean; tick: (isTicked: boolean) => void }) {
  return (
    <Checkbox required checked={isTicked} onChange={({ target }) => tick(target.checked)}>
      <Typography.Text type="danger" aria-hidden>
        *{" "}
      </Typography.Text>
      {text}
    </Checkbox>
  );
}
