import { Checkbox } from "antd";
import { memo } from "react";

interface Props {
  name: string;
  isTicked: boolean;
  isOff: boolean;
  tick: (name: string) => void;
}

/** The check box of a row; a tick draws none of the others anew. */
export const Tick = memo(function Tick({ name, isTicked, isOff, tick }: Props) {
  return <Checkbox aria-label={name} checked={isTicked} disabled={isOff} onChange={() => tick(name)} />;
});
