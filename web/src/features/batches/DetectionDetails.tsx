import { Button, Flex, Modal, Table, Typography } from "antd";

import { width } from "@/shared/look/tokens";
import { useWords } from "@/shared/words/words";
import { useListed } from "@/shared/words/lists";

import { reportAddress, type Detection } from "./api";
import { words } from "./words";

type Row = Detection["rows"][number];
type Item = Row["items"][number];

interface Props {
  detection: Detection;
  receiptId: string;
  back: () => void;
}

/** Why a package did not pass, in two columns; it takes the place of the dialog. */
export function DetectionDetails({ detection, receiptId, back }: Props) {
  const said = useWords(words);
  const shown = detection.rows.reduce((sum, row) => sum + row.items.length, 0);
  return (
    <Modal
      open
      title={said.notPassedTitle}
      width={width.text}
      onCancel={back}
      footer={[
        <Button key="report" href={reportAddress(receiptId)} download>
          {said.report}
        </Button>,
        <Button key="back" type="primary" autoFocus onClick={back}>
          {said.gotIt}
        </Button>,
      ]}
    >
      <Flex vertical gap="small">
        <Table<Row>
          size="small"
          tableLayout="fixed"
          pagination={false}
          rowKey="category"
          dataSource={detection.rows}
          columns={[
            { title: said.reason, dataIndex: "reason" },
            { title: said.items, key: "items", render: (_, row) => <Items items={row.items} /> },
          ]}
        />
        {detection.total > shown && <Typography.Text type="secondary">{said.more(detection.total - shown)}</Typography.Text>}
      </Flex>
    </Modal>
  );
}

function Items({ items }: { items: readonly Item[] }) {
  const said = useWords(words);
  const listed = useListed();
  return (
    <Flex vertical gap="small">
      {items.map(({ name, details, count }) => (
        <div key={name}>
          <div className="beside">{name}</div>
          {details.length > 0 && (
            <Typography.Text type="secondary" className="beside">
              {said.usedBy(listed(details), count - details.length)}
            </Typography.Text>
          )}
        </div>
      ))}
    </Flex>
  );
}
