import { Fragment } from "react";

const CODE = /`([^`]+)`/g;
const CODE_OR_NAME = /`([^`]+)`|\*([^*`]+)\*/g;

interface Props {
  text: string;
  /** Of a constant, that words between asterisks are names; what has values in it may hold any asterisk. */
  hasNames?: boolean;
}

/** A sentence of the platform: words between backticks are set as code. */
export function Marked({ text, hasNames = false }: Props) {
  const pieces = [...text.matchAll(hasNames ? CODE_OR_NAME : CODE)];
  return (
    <>
      {pieces.map(({ 0: whole, 1: code, 2: name, index }, place) => {
        const former = pieces[place - 1];
        const begin = former ? former.index + former[0].length : 0;
        return (
          <Fragment key={`${index} ${whole}`}>
            {text.slice(begin, index)}
            {code === undefined ? <em>{name}</em> : <code>{code}</code>}
          </Fragment>
        );
      })}
      {text.slice(pieces.reduce((_, { 0: whole, index }) => index + whole.length, 0))}
    </>
  );
}
