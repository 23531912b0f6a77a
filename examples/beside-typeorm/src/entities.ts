import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** The customers of this application. */
@Entity()
export class Account {
  @PrimaryGeneratedColumn('uuid')
  id!: string;

  @Column()
  name!: string;

  @Column({ type: 'timestamptz', nullable: true })
  closedAt!: Date | null;
}

/** The people and machines of a customer. */
@Entity()
export class Member {
  @PrimaryGeneratedColumn('uuid')
  id!: string;

  @Column('uuid')
  accountId!: string;

  @Column({ unique: true })
  email!: string;

  @Column({ default: false })
  isAdmin!: boolean;

  @Column({ default: true })
  isActive!: boolean;
}
