import { Button, Form, Upload } from "antd";

interface Props {
  label: string;
  /** What the button says. */
  choose: string;
  accept: string;
  onChoose: (file: File | null) => void;
}

/** One file of this machine, which is sent only when the dialog is acted on. */
export function FileField({ label, choose, accept, onChoose }: Props) {
  return (
    <Form.Item label={label}>
      <Upload
        accept={accept}
        maxCount={1}
        beforeUpload={(file) => {
          onChoose(file);
          return false;
        }}
        onRemove={() => onChoose(null)}
      >
        <Button>{choose}</Button>
      </Upload>
    </Form.Item>
  );
}
