import type { ReactNode } from 'react';
import { Dialog } from 'react-aria-components/Dialog';
import { Heading } from 'react-aria-components/Heading';
import { Modal, ModalOverlay } from 'react-aria-components/Modal';

/** A dialog over the page. @param isFirm Escape and a press outside leave it open */
export function Window({
  title,
  close,
  isFirm = false,
  children,
}: {
  title: string;
  close: () => void;
  isFirm?: boolean;
  children: ReactNode;
}) {
  return (
    <ModalOverlay
      isOpen
      className="overlay"
      isDismissable={!isFirm}
      isKeyboardDismissDisabled={isFirm}
      onOpenChange={(isOpen) => !isOpen && close()}
    >
      <Modal className="modal">
        <Dialog className="dialog">
          <Heading slot="title">{title}</Heading>
          {children}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
